import { resourceTags } from 'types.bicep'

@description('Region of the identity.')
param location string

@description('Name of the identity.')
param name string

@description('Tags of the identity.')
param tags resourceTags

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('Resource id.')
output id string = identity.id

@description('Client id: what the app names to get tokens.')
output clientId string = identity.properties.clientId

@description('Object id of its service principal: the subject of a federated credential, and who gets roles.')
output principalId string = identity.properties.principalId
