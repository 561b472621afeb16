using './main.bicep'

// What belongs to one tenant comes from the environment. The ids here are examples, and Azure takes none of them.
param environmentName = 'dev'
param botAppId = readEnvironmentVariable('BOT_APP_ID', '00000000-0000-0000-0000-000000000001')
param botTenantId = readEnvironmentVariable('BOT_TENANT_ID', '00000000-0000-0000-0000-000000000002')

param instanceMemoryMB = 512
param logDailyCapGb = 1
param settings = {
  fallbackTarget: readEnvironmentVariable('FALLBACK_TARGET', '')
}
