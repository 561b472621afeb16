import { resourceTags } from 'types.bicep'

@description('Region of all but the action group, which has none.')
param location string

@description('Name of the Log Analytics workspace.')
param workspaceName string

@description('Name of the Application Insights component.')
param componentName string

@description('Tags of all resources.')
param tags resourceTags

@description('Days for which logs are kept.')
@minValue(30)
@maxValue(730)
param retentionDays int

@description('Most gigabytes a day; what comes after is dropped, alerts included. -1: no limit.')
param dailyCapGb int

@description('Mail addresses that alerts go to; none: alerts are shown in the portal only.')
param alertEmails string[]

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: retentionDays
    workspaceCapping: { dailyQuotaGb: dailyCapGb }
    features: { disableLocalAuth: true, enableLogAccessUsingOnlyResourcePermissions: true }
  }
}

resource component 'Microsoft.Insights/components@2020-02-02' = {
  name: componentName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    DisableLocalAuth: true
    WorkspaceResourceId: workspace.id
  }
}

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(alertEmails)) {
  name: '${componentName}-mail'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'ringroute'
    emailReceivers: [
      for (address, index) in alertEmails: {
        name: 'mail-${index + 1}'
        emailAddress: address
        useCommonAlertSchema: true
      }
    ]
  }
}

@description('Resource id of the workspace.')
output workspaceId string = workspace.id

@description('Name of the component.')
output componentName string = component.name

@description('Where telemetry goes. It opens nothing: the component takes only Entra tokens.')
output connectionString string = component.properties.ConnectionString

@description('Who is told of alerts; empty: nobody.')
output actionGroupIds string[] = empty(alertEmails) ? [] : [actionGroup.id]
