import type { Dice } from '../dice.js';

/** Where a client stands. `asn` 0: an inside address, of which no registry knows. */
export interface Place { readonly ip: string; readonly country: string; readonly asn: number }

/*
 * Addresses come from the blocks that are kept for documentation and benchmarks (RFC 5737, RFC 2544), so that no address of a real
 * network stands in a simulated log: offices 192.0.2/24, VPN 198.51.100/24, homes and mobiles 198.18/16, hotels 198.19/16,
 * attackers 203.0.113/24. The autonomous systems of consumers are those of their countries' large carriers; the company's own and
 * the attackers' are documentation numbers (RFC 5398).
 */
const HOME_ASNS: { readonly [country: string]: readonly number[] } = { DE: [3320, 3209, 6805, 31334], US: [7922, 7018, 701, 20115], SG: [9506, 10091, 55430] };
const MOBILE_ASNS: { readonly [country: string]: number } = { DE: 8422, US: 21928, SG: 3758 };
const COMPANY_ASN = 64496;

export const OFFICE_NETWORKS: { readonly [country: string]: string } = { DE: '192.0.2.16/28', US: '192.0.2.32/28', SG: '192.0.2.48/28' };
const OFFICE_GATEWAYS: { readonly [country: string]: string } = { DE: '192.0.2.17', US: '192.0.2.33', SG: '192.0.2.49' };
export const VPN_NETWORKS: readonly { readonly network: string; readonly country: string }[] = [{ network: '198.51.100.0/28', country: 'DE' }, { network: '198.51.100.16/28', country: 'US' }];
export const CLOUD_NETWORK = '10.20.0.0/16';

export const officeOf = (country: string): Place => ({ ip: OFFICE_GATEWAYS[country]!, country, asn: COMPANY_ASN });
/** The VPN leaves from the nearer of two gateways, whatever country the person is in. */
export const vpnOf = (country: string, slot: number): Place => (country === 'US'
  ? { ip: `198.51.100.${18 + (slot % 8)}`, country: 'US', asn: COMPANY_ASN }
  : { ip: `198.51.100.${2 + (slot % 8)}`, country: 'DE', asn: COMPANY_ASN });
export const homeOf = (country: string, slot: number, dice: Dice): Place => ({ ip: `198.18.${slot & 127}.${2 + dice.whole(0, 240)}`, country, asn: dice.pick(HOME_ASNS[country]!) });
/** Carriers translate addresses: a phone is somewhere else each day. */
export const mobileOf = (country: string, dice: Dice): Place => ({ ip: `198.18.${128 + dice.whole(0, 127)}.${2 + dice.whole(0, 240)}`, country, asn: MOBILE_ASNS[country]! });
export const cloudOf = (slot: number): Place => ({ ip: `10.20.${slot >> 8}.${4 + (slot & 127)}`, country: '', asn: 0 });

export const PARTNER_PLACES = {
  garages: { ip: '198.19.254.10', country: 'DE', asn: 64508 },
  brokers: { ip: '198.19.254.40', country: 'US', asn: 64509 },
  labelling: { ip: '198.19.254.70', country: 'PL', asn: 64510 },
} as const satisfies { readonly [name: string]: Place };

/** Destinations of business trips with their hotels' carriers. */
export const TRIPS: { readonly [country: string]: { readonly asn: number; readonly zone: string; readonly city: string; readonly flightHours: number } } = {
  JP: { asn: 2516, zone: 'Asia/Tokyo', city: 'Tokyo', flightHours: 13 },
  BR: { asn: 28573, zone: 'America/Sao_Paulo', city: 'São Paulo', flightHours: 12 },
  ES: { asn: 3352, zone: 'Europe/Madrid', city: 'Madrid', flightHours: 3 },
  GB: { asn: 5089, zone: 'Europe/London', city: 'London', flightHours: 2 },
  AE: { asn: 5384, zone: 'Asia/Dubai', city: 'Dubai', flightHours: 6 },
  CA: { asn: 6327, zone: 'America/Toronto', city: 'Toronto', flightHours: 8 },
};
export const hotelOf = (country: string, dice: Dice): Place => ({ ip: `198.19.${dice.whole(0, 250)}.${2 + dice.whole(0, 240)}`, country, asn: TRIPS[country]!.asn });

const ATTACKER_HOSTS: readonly { readonly asn: number; readonly country: string }[] = [
  { asn: 64500, country: 'NL' }, { asn: 64501, country: 'RO' }, { asn: 64502, country: 'VN' }, { asn: 64503, country: 'BR' }, { asn: 64504, country: 'BG' }, { asn: 64505, country: 'MD' },
];
export const attackerOf = (dice: Dice): Place => ({ ip: `203.0.113.${2 + dice.whole(0, 240)}`, ...dice.pick(ATTACKER_HOSTS) });
