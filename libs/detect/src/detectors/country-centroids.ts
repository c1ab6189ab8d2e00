/**
 * Geographic centre (degrees) and area (thousand km²) of countries by ISO 3166-1 alpha-2, rounded from public geography
 * (CIA World Factbook). Enough to say that nobody is in two of them within an hour; far too rough for anything else.
 */
const TABLE = `
AD 42.5 1.6 0.5|AE 24 54 84|AF 33 65 652|AG 17.1 -61.8 0.4|AI 18.2 -63.1 0.1|AL 41 20 29|AM 40 45 30|AO -12.5 18.5 1247|AR -34 -64 2780|AS -14.3 -170.7 0.2
AT 47.3 13.3 84|AU -27 133 7692|AW 12.5 -70 0.2|AX 60.2 20 1.6|AZ 40.5 47.5 87|BA 44 18 51|BB 13.2 -59.5 0.4|BD 24 90 148|BE 50.8 4 31|BF 13 -2 274
BG 43 25 111|BH 26 50.5 0.8|BI -3.5 30 28|BJ 9.5 2.3 115|BL 17.9 -62.8 0.1|BM 32.3 -64.8 0.1|BN 4.5 114.7 5.8|BO -17 -65 1099|BQ 12.2 -68.3 0.3|BR -10 -55 8516
BS 24.3 -76 14|BT 27.5 90.5 38|BW -22 24 582|BY 53 28 208|BZ 17.3 -88.8 23|CA 60 -95 9985|CD -2.5 23.5 2345|CF 7 21 623|CG -1 15 342|CH 47 8 41
CI 8 -5 322|CK -21.2 -159.8 0.2|CL -30 -71 756|CM 6 12 475|CN 35 105 9597|CO 4 -72 1139|CR 10 -84 51|CU 21.5 -80 110|CV 16 -24 4|CW 12.2 -69 0.4
CY 35 33 9|CZ 49.8 15.5 79|DE 51.2 10.4 357|DJ 11.5 43 23|DK 56 10 43|DM 15.4 -61.3 0.8|DO 19 -70.7 49|DZ 28 3 2382|EC -2 -77.5 284|EE 59 26 45
EG 27 30 1002|ER 15 39 118|ES 40 -4 506|ET 8 38 1104|FI 64 26 338|FJ -18 178 18|FK -51.8 -59 12|FM 6.9 158.2 0.7|FO 62 -7 1.4|FR 46 2 551
GA -1 11.8 268|GB 54 -2 244|GD 12.1 -61.7 0.3|GE 42 43.5 70|GF 4 -53 84|GG 49.5 -2.6 0.1|GH 8 -2 239|GI 36.1 -5.4 0.1|GL 72 -40 2166|GM 13.5 -16.6 11
GN 11 -10 246|GP 16.3 -61.6 1.6|GQ 2 10 28|GR 39 22 132|GT 15.5 -90.3 109|GU 13.5 144.8 0.5|GW 12 -15 36|GY 5 -59 215|HK 22.3 114.2 1.1|HN 15 -86.5 112
HR 45.2 15.5 57|HT 19 -72.4 28|HU 47 20 93|ID -5 120 1905|IE 53 -8 70|IL 31.5 34.8 22|IM 54.2 -4.5 0.6|IN 20 77 3287|IQ 33 44 438|IR 32 53 1648
IS 65 -18 103|IT 42.8 12.8 301|JE 49.2 -2.1 0.1|JM 18.3 -77.5 11|JO 31 36 89|JP 36 138 378|KE 1 38 580|KG 41 75 200|KH 13 105 181|KI 1.4 173 0.8
KM -12.2 44.3 2.2|KN 17.3 -62.8 0.3|KP 40 127 121|KR 37 127.5 100|KW 29.5 45.8 18|KY 19.5 -80.5 0.3|KZ 48 68 2725|LA 18 105 237|LB 33.8 35.8 10|LC 13.9 -61 0.6
LI 47.2 9.5 0.2|LK 7 81 66|LR 6.5 -9.5 111|LS -29.5 28.5 30|LT 56 24 65|LU 49.8 6.2 2.6|LV 57 25 65|LY 25 17 1760|MA 32 -5 447|MC 43.7 7.4 0.1
MD 47 29 34|ME 42.5 19.3 14|MG -20 47 587|MH 9 168 0.2|MK 41.8 22 26|ML 17 -4 1240|MM 22 98 677|MN 46 105 1564|MO 22.2 113.6 0.1|MP 15.2 145.8 0.5
MQ 14.7 -61 1.1|MR 20 -12 1031|MT 35.8 14.6 0.3|MU -20.3 57.6 2|MV 3.2 73 0.3|MW -13.5 34 118|MX 23 -102 1964|MY 2.5 112.5 330|MZ -18.3 35 802|NA -22 17 824
NC -21.5 165.5 19|NE 16 8 1267|NG 10 8 924|NI 13 -85 130|NL 52.5 5.8 42|NO 62 10 385|NP 28 84 147|NR -0.5 166.9 0.1|NU -19 -169.9 0.3|NZ -41 174 268
OM 21 57 310|PA 9 -80 75|PE -10 -76 1285|PF -15 -140 4|PG -6 147 463|PH 13 122 300|PK 30 70 882|PL 52 20 313|PM 46.8 -56.3 0.2|PR 18.2 -66.5 9
PS 32 35.2 6|PT 39.5 -8 92|PW 7.5 134.5 0.5|PY -23 -58 407|QA 25.5 51.2 12|RE -21.1 55.6 2.5|RO 46 25 238|RS 44 21 77|RU 60 90 17098|RW -2 30 26
SA 25 45 2150|SB -8 159 29|SC -4.6 55.7 0.5|SD 15 30 1861|SE 62 15 450|SG 1.4 103.8 0.7|SI 46.1 14.8 20|SJ 78 20 62|SK 48.7 19.5 49|SL 8.5 -11.5 72
SM 43.9 12.4 0.1|SN 14 -14 197|SO 10 49 638|SR 4 -56 164|SS 7 30 644|ST 1 7 1|SV 13.8 -88.9 21|SX 18 -63.1 0.1|SY 35 38 185|SZ -26.5 31.5 17
TC 21.8 -71.6 0.9|TD 15 19 1284|TG 8 1.2 57|TH 15 100 513|TJ 39 71 143|TL -8.8 125.9 15|TM 40 60 488|TN 34 9 164|TO -20 -175 0.7|TR 39 35 784
TT 11 -61 5|TV -8 178 0.1|TW 23.5 121 36|TZ -6 35 947|UA 49 32 604|UG 1 32 242|US 38 -97 9834|UY -33 -56 176|UZ 41 64 447|VA 41.9 12.5 0.1
VC 13.3 -61.2 0.4|VE 8 -66 912|VG 18.5 -64.5 0.2|VI 18.3 -64.8 0.3|VN 16 106 331|VU -16 167 12|WF -13.3 -176.2 0.1|WS -13.6 -172.3 2.8|XK 42.6 20.9 11|YE 15 48 528
YT -12.8 45.2 0.4|ZA -29 24 1221|ZM -15 30 753|ZW -20 30 391`;

interface Country { readonly latitude: number; readonly longitude: number; readonly radiusKm: number }
const RADIANS = Math.PI / 180;
const EARTH_RADIUS_KM = 6_371;

const COUNTRIES: ReadonlyMap<string, Country> = new Map(TABLE.trim().split(/[|\n]/).map((row) => {
  const [code, latitude, longitude, area] = row.split(' ') as [string, string, string, string];
  return [code, { latitude: Number(latitude) * RADIANS, longitude: Number(longitude) * RADIANS, radiusKm: Math.sqrt((Number(area) * 1_000) / Math.PI) }];
}));

/** Kilometres that lie at least between two countries: centre to centre (haversine) less the radius of a disc as large as each. 0 for unknown ones. */
export function distanceKm(from: string, to: string): number {
  const a = COUNTRIES.get(from);
  const b = COUNTRIES.get(to);
  if (a === undefined || b === undefined || a === b) return 0;
  const haversine = Math.sin((b.latitude - a.latitude) / 2) ** 2 + Math.cos(a.latitude) * Math.cos(b.latitude) * Math.sin((b.longitude - a.longitude) / 2) ** 2;
  return Math.max(0, 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(haversine))) - a.radiusKm - b.radiusKm);
}

export const countriesKnown = (): readonly string[] => [...COUNTRIES.keys()];
