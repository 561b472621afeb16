using './main.bicep'

// What belongs to one tenant comes from the environment. The ids here are examples, and Azure takes none of them.
param environmentName = 'prod'
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
param zoneRedundant = true
param privateNetwork = true
param protectFromDeletion = true
param logRetentionDays = 90
param alertEmails = empty(alertEmail) ? [] : [alertEmail]
param settings = {
  fallbackTarget: readEnvironmentVariable('FALLBACK_TARGET', '')
}
// The first day of the month of the first deployment, always the same: Azure takes no other later.
var budgetStart = readEnvironmentVariable('BUDGET_START', '')
param budget = empty(budgetStart) || empty(alertEmail)
  ? null
  : { amount: 200, startDate: budgetStart, contactEmails: [alertEmail] }
