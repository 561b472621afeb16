@export()
@description('Tags of a resource, by name.')
type resourceTags = {
  @description('Value of the tag.')
  *: string
}

@export()
@description('Somebody in Entra who gets a role.')
type principal = {
  @description('Object id of the user, group or service principal.')
  id: string

  @description('What the id stands for. Entra may not have spread a new id yet; with its kind, Azure does not look it up.')
  kind: 'User' | 'Group' | 'ServicePrincipal'
}

@export()
@description('How the bot signs in to Graph; the app reads it as BOT_CREDENTIAL.')
type botCredential = 'federated' | 'managed-identity' | 'certificate' | 'secret'

@export()
@description('The Microsoft cloud whose Graph and sign-in addresses the app uses; the app reads it as CLOUD.')
type cloudName = 'global' | 'usgov' | 'usgovdod'

@export()
@description('Settings of the app that have a default there. An absent one is written as a blank, which counts as not set.')
type appSettings = {
  @description('Tenants whose calls are taken; absent: the bot\'s own.')
  allowedTenants: string[]?

  @description('Targets that ring when nothing else decides, as rows write them: `user:ID`, `phone:NUMBER`, `app:ID`, `resource:ID`.')
  fallbackTarget: string?

  @description('Two letters of the country whose national number spellings are understood, such as US.')
  @minLength(2)
  @maxLength(2)
  defaultRegion: string?

  @description('Seconds from receipt within which a call is redirected; the platform\'s own limit is 15.')
  @minValue(1)
  @maxValue(14)
  deadlineSeconds: int?

  @description('Seconds for which rows are remembered; 0 reads them on every call.')
  @minValue(0)
  @maxValue(3600)
  routesCacheSeconds: int?

  @description('Days for which rows of Calls are kept.')
  @minValue(1)
  @maxValue(3650)
  callsRetentionDays: int?

  @description('Whether numbers in Calls are masked.')
  maskCallers: bool?

  @description('Address that Graph posts a call\'s later notifications to, https; absent: the site\'s own host name.')
  callbackBaseUrl: string?

  @description('Addresses of the metadata of the platform\'s signing keys; absent: the cloud\'s.')
  openIdMetadataUrls: string[]?

  @description('Issuers of the platform\'s tokens; absent: the cloud\'s.')
  tokenIssuers: string[]?
}

@export()
@description('A spending limit that sends mail; nothing is switched off.')
type budgetSettings = {
  @description('Amount a month, in the subscription\'s currency.')
  @minValue(1)
  amount: int

  @description('First day of the month of the first deployment, such as 2026-01-01; it must stay the same afterwards.')
  startDate: string

  @description('Mail addresses that are told at 80 % spent and 100 % forecast.')
  @minLength(1)
  contactEmails: string[]
}

@export()
@description('An alert rule as alerts.json writes it.')
type alertRule = {
  @description('End of the rule\'s name.')
  name: string

  @description('What mails are headed with.')
  title: string

  @description('How soon somebody must look, as docs/operations.md has it.')
  urgency: 'now' | 'today' | 'week'

  @description('Time that one evaluation looks at, ISO 8601.')
  window: 'PT5M' | 'PT15M' | 'PT1H' | 'PT4H' | 'P1D'

  @description('Time that the query reaches back beyond the window, ISO 8601.')
  reach: 'P2D'?

  @description('Lines of the query.')
  query: string[]
}

@export()
@description('Something that a private endpoint leads to.')
type endpointTarget = {
  @description('Which of its services.')
  service: 'blob' | 'table' | 'vault'

  @description('Resource id of the account or vault.')
  id: string
}
