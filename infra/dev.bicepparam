using './main.bicep'

// What belongs to one tenant comes from the environment. The ids here are examples, and Azure takes none of them.
param environmentName = 'dev'
param botAppId = readEnvironmentVariable('BOT_APP_ID', '00000000-0000-0000-0000-000000000001')
param botTenantId = readEnvironmentVariable('BOT_TENANT_ID', '00000000-0000-0000-0000-000000000002')

// Who keeps the rows, and from where: a kind or list that is blank counts as not given.
var administrator = readEnvironmentVariable('ADMINISTRATOR_ID', '')
var administratorKind = readEnvironmentVariable('ADMINISTRATOR_KIND', '')
var administratorAddressList = readEnvironmentVariable('ADMINISTRATOR_ADDRESSES', '')
param administrators = empty(administrator)
  ? []
  : [{ id: administrator, kind: empty(administratorKind) ? 'User' : administratorKind }]
param administratorAddresses = empty(administratorAddressList) ? [] : split(administratorAddressList, ',')

param instanceMemoryMB = 512
param logDailyCapGb = 1
param settings = {
  fallbackTarget: readEnvironmentVariable('FALLBACK_TARGET', '')
}
