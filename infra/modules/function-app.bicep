import { appSettings, botCredential, cloudName, resourceTags } from 'types.bicep'

@description('Region of the app.')
param location string

@description('Name of the site.')
@minLength(2)
@maxLength(60)
param name string

@description('Name of the plan.')
param planName string

@description('Tags of site and plan.')
param tags resourceTags

@description('Value of azd\'s tag on the site: the service in azure.yaml that is deployed to it.')
param azdServiceName string

@description('Major version of Node.js.')
param nodeVersion '22' | '24'

@description('Memory of an instance in MB; 512 has a quarter of a core, 2048 one, 4096 two.')
param instanceMemoryMB 512 | 2048 | 4096

@description('Instances that always run, so that a call does not wait for a start.')
@minValue(1)
param alwaysReadyInstances int

@description('Requests that one instance takes at once before another is started.')
param requestsPerInstance int

@description('Most instances that may run; it bounds the bill.')
@minValue(40)
@maxValue(1000)
param maximumInstances int

@description('Whether instances are spread over the region\'s zones; needs two that are always ready.')
param zoneRedundant bool

@description('Subnet through which the app reaches private endpoints; empty: none.')
param subnetId string

@description('Resource id of the app\'s identity.')
param identityId string

@description('Client id of the app\'s identity.')
param identityClientId string

@description('Address of the host account\'s blob service, with a slash at its end.')
param hostBlobEndpoint string

@description('Container from which the app is deployed.')
param deploymentContainer string

@description('Where telemetry goes. It opens nothing: the component takes only Entra tokens.')
param applicationInsightsConnectionString string

@description('Address of the tables.')
param tablesEndpoint string

@description('App id of the bot.')
param botAppId string

@description('Home tenant of the bot.')
param botTenantId string

@description('How the bot signs in.')
param credential botCredential

@description('Key Vault reference to the bot\'s certificate or client secret; empty for the other credentials.')
param credentialReference string

@description('The Microsoft cloud.')
param cloud cloudName

@description('Settings that have a default in the app.')
param settings appSettings

// All that the app knows, but for what only the local stack uses. A blank counts as not set.
var appValues = {
  BOT_APP_ID: botAppId
  BOT_TENANT_ID: botTenantId
  BOT_CREDENTIAL: credential
  MANAGED_IDENTITY_CLIENT_ID: identityClientId
  // Flex Consumption mounts no certificates, so the setting holds the PEM itself.
  BOT_CERTIFICATE_PATH: credential == 'certificate' ? credentialReference : ''
  BOT_CLIENT_SECRET: credential == 'secret' ? credentialReference : ''
  TABLES_ENDPOINT: tablesEndpoint
  CLOUD: cloud
  CALLBACK_BASE_URL: settings.?callbackBaseUrl ?? ''
  OPENID_METADATA_URLS: join(settings.?openIdMetadataUrls ?? [], ',')
  TOKEN_ISSUERS: join(settings.?tokenIssuers ?? [], ',')
  ALLOWED_TENANTS: join(settings.?allowedTenants ?? [], ',')
  FALLBACK_TARGET: settings.?fallbackTarget ?? ''
  DEFAULT_REGION: settings.?defaultRegion ?? ''
  DEADLINE_SECONDS: string(settings.?deadlineSeconds ?? '')
  ROUTES_CACHE_SECONDS: string(settings.?routesCacheSeconds ?? '')
  CALLS_RETENTION_DAYS: string(settings.?callsRetentionDays ?? '')
  MASK_CALLERS: string(settings.?maskCallers ?? '')
}

// A plain AzureWebJobsStorage, even an empty one, would win over these. The app uses neither queues nor the host's tables.
var hostValues = {
  AzureWebJobsStorage__blobServiceUri: hostBlobEndpoint
  AzureWebJobsStorage__clientId: identityClientId
  AzureWebJobsStorage__credential: 'managedidentity'
  APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsightsConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
}

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true, zoneRedundant: zoneRedundant }
}

resource site 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': azdServiceName })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    // The platform posts from anywhere; the token that it sends is what is checked.
    publicNetworkAccess: 'Enabled'
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: {
      minTlsVersion: '1.2'
      appSettings: [for value in items(union(appValues, hostValues)): { name: value.key, value: value.value }]
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${hostBlobEndpoint}${deploymentContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: { name: 'node', version: nodeVersion }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstances
        alwaysReady: [{ name: 'http', instanceCount: alwaysReadyInstances }]
        triggers: { http: { perInstanceConcurrency: requestsPerInstance } }
      }
      // Azure takes it, but the published types lack it.
      #disable-next-line BCP037
      siteUpdateStrategy: { type: 'RollingUpdate' }
    }
  }
}

// Packages are deployed with Entra's tokens; a password of the site would open its deployment to whoever reads it.
resource passwordsOfScm 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: site
  name: 'scm'
  properties: { allow: false }
}

resource passwordsOfFtp 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: site
  name: 'ftp'
  properties: { allow: false }
}

@description('Name of the site.')
output name string = site.name

@description('Host name of the site.')
output hostName string = site.properties.defaultHostName
