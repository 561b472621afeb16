import { alertRule, resourceTags } from 'types.bicep'

@description('Region of the rules.')
param location string

@description('Beginning of the rules\' names.')
param namePrefix string

@description('Tags of the rules.')
param tags resourceTags

@description('Workspace that holds the app\'s log.')
param workspaceId string

@description('Who is told.')
param actionGroupIds string[]

@description('Whether an hour without a call is told of, when the same hour of the day before had twenty.')
param silenceAlert bool

// How soon somebody must look, as docs/operations.md has it.
var urgencies = {
  now: { severity: 1, evaluationFrequency: 'PT5M', resolvesItself: true }
  today: { severity: 2, evaluationFrequency: 'PT15M', resolvesItself: true }
  week: { severity: 3, evaluationFrequency: 'PT1H', resolvesItself: false }
}

var definition = loadJsonContent('../alerts.json')
var rules alertRule[] = filter(definition.rules, rule => silenceAlert || rule.name != 'silence')

resource alerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: '${namePrefix}-${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'Ringroute: ${rule.title}'
      description: 'docs/operations.md says what to do.'
      enabled: true
      scopes: [workspaceId]
      severity: urgencies[rule.urgency].severity
      evaluationFrequency: urgencies[rule.urgency].evaluationFrequency
      windowSize: rule.window
      overrideQueryTimeRange: rule.?reach
      criteria: {
        allOf: [
          {
            // Each query gives a row when something is wrong, and none otherwise.
            query: join(concat(definition.beginning, rule.query), '\n')
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      // A workspace without its first log line does not know the table yet.
      skipQueryValidation: true
      autoMitigate: urgencies[rule.urgency].resolvesItself
      // One mail a day for what happens once; Azure takes no muting where a rule resolves itself.
      muteActionsDuration: urgencies[rule.urgency].resolvesItself ? null : 'P1D'
      actions: { actionGroups: actionGroupIds }
    }
  }
]
