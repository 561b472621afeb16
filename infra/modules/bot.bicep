import { resourceTags } from 'types.bicep'

@description('Name of the bot: unique among all bots of the cloud.')
@minLength(2)
@maxLength(64)
param name string

@description('Tags of the bot.')
param tags resourceTags

@description('Name that people see.')
@minLength(1)
param displayName string

@description('F0 costs nothing and has no service level agreement.')
param sku 'F0' | 'S1'

@description('App id of the bot. Neither it nor the tenant can be changed once the bot is made.')
param appId string

@description('Home tenant of the app registration or identity.')
param tenantId string

@description('Resource id of the identity that the bot is; empty: the bot is an app registration.')
param identityId string

@description('Host name of the app.')
param hostName string

@description('Teams environment; GCCModerateDeployment is that of GCC tenants in the public cloud.')
param teamsEnvironment 'CommercialDeployment' | 'GCCModerateDeployment'

@description('Workspace to which the bot service tells its requests.')
param workspaceId string

var callingWebhook = 'https://${hostName}/api/calls'

resource bot 'Microsoft.BotService/botServices@2022-09-15' = {
  name: name
  location: 'global'
  tags: tags
  kind: 'azurebot'
  sku: { name: sku }
  properties: {
    displayName: displayName
    // Messages are not answered; the address must be there, and calls have their own.
    endpoint: 'https://${hostName}/api/health'
    msaAppId: appId
    // Without a type, Azure tries to make a multi-tenant bot and refuses it.
    msaAppType: empty(identityId) ? 'SingleTenant' : 'UserAssignedMSI'
    msaAppTenantId: tenantId
    msaAppMSIResourceId: empty(identityId) ? null : identityId
    disableLocalAuth: true
    isStreamingSupported: false
    publicNetworkAccess: 'Enabled'
    schemaTransformationVersion: '1.3'
  }
}

resource teams 'Microsoft.BotService/botServices/channels@2022-09-15' = {
  parent: bot
  name: 'MsTeamsChannel'
  location: 'global'
  properties: {
    channelName: 'MsTeamsChannel'
    properties: {
      acceptedTerms: true
      isEnabled: true
      // Both, or the bot is never called.
      enableCalling: true
      callingWebhook: callingWebhook
      deploymentEnvironment: teamsEnvironment
      incomingCallRoute: 'graphPma'
    }
  }
}

resource requests 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: bot
  name: 'requests'
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
  }
}

@description('Name of the bot.')
output name string = bot.name

@description('Address to which the platform posts calls.')
output callingWebhook string = callingWebhook
