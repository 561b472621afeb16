using './main.bicep'

// For azd, which takes the parameters of main.bicep from this file and no other; `azd env set NAME VALUE` sets what it
// reads. Environments that are kept in files of their own are deployed with az: see docs/deploy.md.
// The ids here are examples, and Azure takes none of them.
param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'azd')
param botAppId = readEnvironmentVariable('BOT_APP_ID', '00000000-0000-0000-0000-000000000001')
param botTenantId = readEnvironmentVariable('BOT_TENANT_ID', '00000000-0000-0000-0000-000000000002')

// Who runs azd also keeps the rows.
var administrator = readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')
param administrators = empty(administrator)
  ? []
  : [
      {
        id: administrator
        kind: readEnvironmentVariable('AZURE_PRINCIPAL_TYPE', 'User')
      }
    ]

var alertEmail = readEnvironmentVariable('ALERT_EMAIL', '')
param alertEmails = empty(alertEmail) ? [] : [alertEmail]
param settings = {
  fallbackTarget: readEnvironmentVariable('FALLBACK_TARGET', '')
}
