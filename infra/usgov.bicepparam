using './main.bicep'

// Calls to bots outside the public cloud are documented nowhere and were never tried.
// What belongs to one tenant comes from the environment. The ids here are examples, and Azure takes none of them.
param environmentName = 'usgov'
param cloud = 'usgov'
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

var alertEmail = readEnvironmentVariable('ALERT_EMAIL', '')

param botSku = 'S1'
param alwaysReadyInstances = 2
param privateNetwork = true
param protectFromDeletion = true
param logRetentionDays = 90
param alertEmails = empty(alertEmail) ? [] : [alertEmail]
param settings = {
  defaultRegion: 'US'
  fallbackTarget: readEnvironmentVariable('FALLBACK_TARGET', '')
}
