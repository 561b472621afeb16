import { roleIds } from 'roles.bicep'
import { principal } from 'types.bicep'

@description('Name of the account that holds the tables.')
param accountName string

@description('Tables that the app only reads.')
param readTables string[]

@description('Tables that the app writes.')
param writtenTables string[]

@description('Object id of the app\'s identity.')
param principalId string

@description('People, groups and pipelines that keep the rows.')
param administrators principal[]

@description('Workspace to which changes of rows are told.')
param workspaceId string

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: accountName
}

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2025-06-01' existing = {
  parent: account
  name: 'default'
}

resource read 'Microsoft.Storage/storageAccounts/tableServices/tables@2025-06-01' existing = [
  for table in readTables: {
    parent: tableService
    name: table
  }
]

resource written 'Microsoft.Storage/storageAccounts/tableServices/tables@2025-06-01' existing = [
  for table in writtenTables: {
    parent: tableService
    name: table
  }
]

// An identity that is made anew has the old one's resource id, so its object id is what tells the assignments apart.
resource readers 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (table, index) in readTables: {
    scope: read[index]
    name: guid(read[index].id, principalId, roleIds.storageTableDataReader)
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId(
        'Microsoft.Authorization/roleDefinitions',
        roleIds.storageTableDataReader
      )
    }
  }
]

resource writers 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (table, index) in writtenTables: {
    scope: written[index]
    name: guid(written[index].id, principalId, roleIds.storageTableDataContributor)
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId(
        'Microsoft.Authorization/roleDefinitions',
        roleIds.storageTableDataContributor
      )
    }
  }
]

resource keepers 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for administrator in administrators: {
    scope: account
    name: guid(account.id, administrator.id, roleIds.storageTableDataContributor)
    properties: {
      principalId: administrator.id
      principalType: administrator.kind
      roleDefinitionId: subscriptionResourceId(
        'Microsoft.Authorization/roleDefinitions',
        roleIds.storageTableDataContributor
      )
    }
  }
]

// Whoever writes rows decides who rings; each call reads rows, so reads would cost more than they tell.
resource changes 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: tableService
  name: 'changes'
  properties: {
    workspaceId: workspaceId
    logs: [
      { category: 'StorageWrite', enabled: true }
      { category: 'StorageDelete', enabled: true }
    ]
  }
}
