import { endpointTarget, resourceTags } from 'types.bicep'

@description('Region of the network.')
param location string

@description('Name of the network, and beginning of the names of what is in it.')
param name string

@description('Tags of all resources.')
param tags resourceTags

@description('Addresses of the network: a /24 or larger that nothing else uses.')
param addressSpace string

@description('What is reached through a private endpoint.')
param targets endpointTarget[]

var subnets = {
  // No underscores: the delegation does not take them.
  app: 'app'
  endpoints: 'endpoints'
}

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressSpace] }
    subnets: [
      {
        name: subnets.app
        properties: {
          addressPrefix: cidrSubnet(addressSpace, 26, 0)
          delegations: [{ name: 'flex', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      {
        name: subnets.endpoints
        properties: { addressPrefix: cidrSubnet(addressSpace, 26, 1) }
      }
    ]
  }
}

module endpoints 'private-endpoint.bicep' = [
  for target in targets: {
    name: 'endpoint-${target.service}'
    params: {
      location: location
      name: '${name}-${target.service}'
      tags: tags
      target: target
      subnetId: resourceId('Microsoft.Network/virtualNetworks/subnets', network.name, subnets.endpoints)
      networkName: network.name
    }
  }
]

@description('Subnet that the app is in.')
output appSubnetId string = resourceId('Microsoft.Network/virtualNetworks/subnets', network.name, subnets.app)
