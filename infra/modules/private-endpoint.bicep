import { endpointTarget, resourceTags } from 'types.bicep'

@description('Region of the endpoint.')
param location string

@description('Name of the endpoint.')
param name string

@description('Tags of all resources.')
param tags resourceTags

@description('What is to be reached.')
param target endpointTarget

@description('Subnet of the endpoint.')
param subnetId string

@description('Network in which the service\'s name leads to the endpoint.')
param networkName string

var zoneNames = {
  blob: 'privatelink.blob.${environment().suffixes.storage}'
  table: 'privatelink.table.${environment().suffixes.storage}'
  vault: replace(environment().suffixes.keyvaultDns, '.vault.', 'privatelink.vaultcore.')
}

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: zoneNames[target.service]
  location: 'global'
  tags: tags

  resource link 'virtualNetworkLinks' = {
    // Environments that share a group share the zone, and each links its own network.
    name: networkName
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: { id: resourceId('Microsoft.Network/virtualNetworks', networkName) }
    }
  }
}

resource endpoint 'Microsoft.Network/privateEndpoints@2024-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: { id: subnetId }
    privateLinkServiceConnections: [
      { name: target.service, properties: { privateLinkServiceId: target.id, groupIds: [target.service] } }
    ]
  }

  resource names 'privateDnsZoneGroups' = {
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [{ name: target.service, properties: { privateDnsZoneId: zone.id } }]
    }
  }
}
