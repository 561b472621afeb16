targetScope = 'resourceGroup'

import { appSettings, botCredential, budgetSettings, cloudName, principal, resourceTags } from 'modules/types.bicep'

metadata description = 'Ringroute: a bot that redirects calls, as a function app with its tables, its bot and its alerts.'

@description('Short name of the environment, such as dev: letters, digits and hyphens. It is a part of every resource\'s name.')
@minLength(2)
@maxLength(20)
param environmentName string

@description('Region of everything that has one.')
param location string = resourceGroup().location

@description('Tags of every resource.')
param tags resourceTags = {}

@description('How the bot signs in to Graph. `federated` needs no secret; `managed-identity` is not proven for calls; `certificate` and `secret` bring a Key Vault.')
param credential botCredential = 'federated'

@description('App id of the bot\'s app registration. Each environment needs its own. Empty only with `managed-identity`.')
param botAppId string = ''

@description('Home tenant of the bot.')
param botTenantId string = tenant().tenantId

@description('Name of the bot that people see.')
param botDisplayName string = 'Ringroute'

@description('Plan of the bot service; F0 costs nothing and has no service level agreement.')
param botSku 'F0' | 'S1' = 'F0'

@description('Teams environment; GCCModerateDeployment is that of GCC tenants in the public cloud.')
param teamsEnvironment 'CommercialDeployment' | 'GCCModerateDeployment' = 'CommercialDeployment'

@description('The Microsoft cloud.')
param cloud cloudName = 'global'

@description('Settings of the app that have a default there.')
param settings appSettings = {}

@description('Major version of Node.js. Whether the region offers 24, `az functionapp list-flexconsumption-runtimes` says.')
param nodeVersion '22' | '24' = '22'

@description('Memory of an instance in MB; 512 has a quarter of a core, 2048 one, 4096 two.')
param instanceMemoryMB 512 | 2048 | 4096 = 2048

@description('Instances that always run, so that a call does not wait for a start. With 1, a release has a short gap.')
@minValue(1)
@maxValue(40)
param alwaysReadyInstances int = 1

// A call waits for tables and Graph nearly all of its time, so one instance can hold many (docs/scale.md).
@description('Requests that one instance takes at once before another is started.')
@minValue(1)
@maxValue(1000)
param requestsPerInstance int = 100

@description('Most instances that may run; it bounds the bill.')
@minValue(40)
@maxValue(1000)
param maximumInstances int = 40

@description('Whether app and data are spread over the region\'s zones; at least two instances are then always ready.')
param zoneRedundant bool = false

@description('People, groups and pipelines that keep the rows, and the bot\'s certificate or secret where there is a vault.')
param administrators principal[] = []

@description('Whether storage and vault are reached through private endpoints only.')
param privateNetwork bool = false

@description('Addresses of the private network: a /24 or larger that nothing else uses.')
param networkAddressSpace string = '10.80.0.0/24'

@description('Public IPv4 addresses or ranges from which administrators reach tables and vault of a private network.')
param administratorAddresses string[] = []

@description('Whether tables and vault are locked against deletion. Whoever deploys then needs Microsoft.Authorization/locks/write.')
param protectFromDeletion bool = false

@description('Days for which logs are kept.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('Most gigabytes of log a day; what comes after is dropped, alerts included. -1: no limit.')
param logDailyCapGb int = -1

@description('Mail addresses that alerts go to; none: alerts are shown in the portal only.')
param alertEmails string[] = []

@description('Whether an hour without a call is told of, when the same hour of the day before had twenty. Weekends may set it off.')
param silenceAlert bool = false

@description('A spending limit that sends mail.')
param budget budgetSettings?

@description('Value of azd\'s tag on the site: the service in azure.yaml that is deployed to it.')
param azdServiceName string = 'app'

// src/store/tables.ts knows the same names.
var readTables = ['Lines', 'Schedules', 'CallerLists']
// Of Routes the app only removes overrides that have lapsed.
var writtenTables = ['Calls', 'Routes']

var unique = uniqueString(resourceGroup().id, environmentName)
var name = 'ringroute-${environmentName}'
var uniqueName = '${name}-${unique}'
var deploymentContainer = 'app-package'
var withVault = credential == 'certificate' || credential == 'secret'
var asIdentity = credential == 'managed-identity'
var appIdOfRegistration = !asIdentity && empty(botAppId)
  ? fail('botAppId is empty; give the app id of the bot\'s app registration, or use the credential managed-identity')
  : botAppId

module identity 'modules/identity.bicep' = {
  name: 'identity'
  params: { location: location, name: name, tags: tags }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  params: {
    location: location
    workspaceName: '${name}-logs'
    componentName: name
    tags: tags
    retentionDays: logRetentionDays
    dailyCapGb: logDailyCapGb
    alertEmails: alertEmails
  }
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  params: {
    location: location
    namePrefix: name
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    actionGroupIds: monitoring.outputs.actionGroupIds
    silenceAlert: silenceAlert
  }
}

module workbook 'modules/workbook.bicep' = {
  name: 'workbook'
  params: {
    location: location
    environmentName: environmentName
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
  }
}

module dataStorage 'modules/storage-account.bicep' = {
  name: 'data-storage'
  params: {
    location: location
    name: 'rrdata${unique}'
    tags: tags
    zoneRedundant: zoneRedundant
    private: privateNetwork
    allowedAddresses: administratorAddresses
    tables: concat(readTables, writtenTables)
    protectFromDeletion: protectFromDeletion
  }
}

module hostStorage 'modules/storage-account.bicep' = {
  name: 'host-storage'
  params: {
    location: location
    name: 'rrhost${unique}'
    tags: tags
    zoneRedundant: zoneRedundant
    private: privateNetwork
    containers: [deploymentContainer]
    // A deployment makes everything in it again.
    protectFromDeletion: false
  }
}

module dataAccess 'modules/data-access.bicep' = {
  name: 'data-access'
  params: {
    accountName: dataStorage.outputs.name
    readTables: readTables
    writtenTables: writtenTables
    principalId: identity.outputs.principalId
    administrators: administrators
    workspaceId: monitoring.outputs.workspaceId
  }
}

module hostAccess 'modules/host-access.bicep' = {
  name: 'host-access'
  params: {
    accountName: hostStorage.outputs.name
    componentName: monitoring.outputs.componentName
    principalId: identity.outputs.principalId
  }
}

module vault 'modules/key-vault.bicep' = if (withVault) {
  name: 'key-vault'
  params: {
    location: location
    name: 'rrkeys${unique}'
    tags: tags
    private: privateNetwork
    allowedAddresses: administratorAddresses
    protectFromDeletion: protectFromDeletion
    principalId: identity.outputs.principalId
    content: credential == 'certificate' ? 'certificate' : 'secret'
    administrators: administrators
    workspaceId: monitoring.outputs.workspaceId
  }
}

module network 'modules/network.bicep' = if (privateNetwork) {
  name: 'network'
  params: {
    location: location
    name: name
    tags: tags
    addressSpace: networkAddressSpace
    targets: concat(
      [
        { service: 'blob', id: hostStorage.outputs.id }
        { service: 'table', id: dataStorage.outputs.id }
      ],
      withVault ? [{ service: 'vault', id: vault.?outputs.id ?? '' }] : []
    )
  }
}

module app 'modules/function-app.bicep' = {
  name: 'function-app'
  // An app that starts before its roles are there remembers that it was refused.
  dependsOn: [dataAccess, hostAccess]
  params: {
    location: location
    name: uniqueName
    planName: '${name}-plan'
    tags: tags
    azdServiceName: azdServiceName
    nodeVersion: nodeVersion
    instanceMemoryMB: instanceMemoryMB
    requestsPerInstance: requestsPerInstance
    alwaysReadyInstances: zoneRedundant ? max(2, alwaysReadyInstances) : alwaysReadyInstances
    maximumInstances: maximumInstances
    zoneRedundant: zoneRedundant
    subnetId: network.?outputs.appSubnetId ?? ''
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    hostBlobEndpoint: hostStorage.outputs.blobEndpoint
    deploymentContainer: deploymentContainer
    applicationInsightsConnectionString: monitoring.outputs.connectionString
    tablesEndpoint: dataStorage.outputs.tableEndpoint
    botAppId: asIdentity ? identity.outputs.clientId : appIdOfRegistration
    botTenantId: botTenantId
    credential: credential
    credentialReference: vault.?outputs.reference ?? ''
    cloud: cloud
    settings: settings
  }
}

module bot 'modules/bot.bicep' = {
  name: 'bot'
  params: {
    name: uniqueName
    tags: tags
    displayName: botDisplayName
    sku: botSku
    appId: asIdentity ? identity.outputs.clientId : appIdOfRegistration
    tenantId: botTenantId
    identityId: asIdentity ? identity.outputs.id : ''
    hostName: app.outputs.hostName
    teamsEnvironment: teamsEnvironment
    workspaceId: monitoring.outputs.workspaceId
  }
}

module spending 'modules/budget.bicep' = if (budget != null) {
  name: 'budget'
  params: { name: name, settings: budget! }
}

@description('Resource group of the deployment.')
output AZURE_RESOURCE_GROUP string = resourceGroup().name

@description('Name of the function app.')
output FUNCTION_APP_NAME string = app.outputs.name

@description('Host name of the function app.')
output FUNCTION_APP_HOST_NAME string = app.outputs.hostName

@description('Object id of the app\'s identity: subject of the federated credential.')
output IDENTITY_PRINCIPAL_ID string = identity.outputs.principalId

@description('Client id of the app\'s identity.')
output IDENTITY_CLIENT_ID string = identity.outputs.clientId

@description('Container from which the app is deployed.')
output DEPLOYMENT_CONTAINER_URL string = '${hostStorage.outputs.blobEndpoint}${deploymentContainer}'

@description('Address of the tables, for the command.')
output TABLES_ENDPOINT string = dataStorage.outputs.tableEndpoint

@description('Name of the bot.')
output BOT_NAME string = bot.outputs.name

@description('App id of the bot.')
output BOT_APP_ID string = asIdentity ? identity.outputs.clientId : botAppId

@description('Address to which the platform posts calls.')
output CALLING_WEBHOOK string = bot.outputs.callingWebhook

@description('Name of the vault for the bot\'s certificate or secret; empty when there is none.')
output KEY_VAULT_NAME string = vault.?outputs.name ?? ''
