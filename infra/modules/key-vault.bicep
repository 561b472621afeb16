import { roleIds } from 'roles.bicep'
import { principal, resourceTags } from 'types.bicep'

@description('Region of the vault.')
param location string

@description('Name of the vault.')
@minLength(3)
@maxLength(24)
param name string

@description('Tags of the vault.')
param tags resourceTags

@description('Whether only private endpoints and `allowedAddresses` reach the vault.')
param private bool

@description('Public IPv4 addresses or ranges that still reach a private vault.')
param allowedAddresses string[]

@description('Whether a deleted vault can be emptied for good only after its 90 days. Once on, it stays on.')
param protectFromDeletion bool

@description('Object id of the app\'s identity.')
param principalId string

@description('What of the bot is kept there. It lies under the name `bot-certificate` or `bot-secret`.')
param content 'certificate' | 'secret'

@description('People, groups and pipelines that put it there.')
param administrators principal[]

@description('Workspace to which access is told.')
param workspaceId string

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    // Azure takes no `false` here.
    enablePurgeProtection: protectFromDeletion ? true : null
    publicNetworkAccess: private && empty(allowedAddresses) ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: private ? 'Deny' : 'Allow'
      ipRules: [for address in allowedAddresses: { value: address }]
    }
  }
}

resource reader 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, principalId, roleIds.keyVaultSecretsUser)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.keyVaultSecretsUser)
  }
}

// Whoever keeps certificates makes and renews them without seeing their keys.
var keeperRole = content == 'certificate' ? roleIds.keyVaultCertificatesOfficer : roleIds.keyVaultSecretsOfficer

resource keepers 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for administrator in administrators: {
    scope: vault
    name: guid(vault.id, administrator.id, keeperRole)
    properties: {
      principalId: administrator.id
      principalType: administrator.kind
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', keeperRole)
    }
  }
]

resource access 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: vault
  name: 'access'
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'audit', enabled: true }]
  }
}

@description('Resource id of the vault.')
output id string = vault.id

@description('Name of the vault.')
output name string = vault.name

@description('App setting value that the host replaces by the secret: a certificate\'s secret is its PEM, key included.')
output reference string = '@Microsoft.KeyVault(SecretUri=${vault.properties.vaultUri}secrets/bot-${content})'
