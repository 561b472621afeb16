import { resourceTags } from 'types.bicep'

@description('Region of the workbook.')
param location string

@description('Short name of the environment; the workbook\'s own name comes from it.')
param environmentName string

@description('Tags of the workbook.')
param tags resourceTags

@description('Workspace that holds the app\'s log.')
param workspaceId string

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, environmentName, 'ringroute-calls')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    category: 'workbook'
    displayName: 'Ringroute calls (${environmentName})'
    version: 'Notebook/1.0'
    sourceId: workspaceId
    serializedData: replace(loadTextContent('../workbook.json'), 'WORKSPACE_RESOURCE_ID', workspaceId)
  }
}
