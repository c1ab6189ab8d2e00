import type { ReactNode } from 'react';

/** One drawing style: 16-px box, 1.5-px stroke, round joins. Decorative: the word stands beside it or in the button's name. */
const PATHS = {
  alerts: <path d="M8 2.2a3.9 3.9 0 0 0-3.9 3.9c0 3.6-1.4 4.7-1.4 4.7h10.600s-1.4-1.1-1.4-4.700A3.9 3.9 0 0 0 8 2.200ZM6.8 13.200a1.3 1.3 0 0 0 2.4 0" />,
  incidents: <path d="M2.5 5.500h11v7.500h-11zM5.7 5.300V4a1.2 1.2 0 0 1 1.2-1.200h2.200A1.2 1.2 0 0 1 10.3 4v1.300M2.5 8.800h11" />,
  entities: <path d="M6 7.300a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.600ZM1.9 13.300c.2-2.3 1.9-3.7 4.1-3.700s3.9 1.4 4.1 3.700M10.6 3.100a2.1 2.1 0 0 1 0 3.900M12.1 9.900c1.2.6 1.9 1.8 2 3.4" />,
  start: <path d="M8 2.500v7M5.2 6.9 8 9.700l2.8-2.800M2.7 10.700v2.600h10.600v-2.6" />,
  search: <path d="M7 11.500a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.3 10.300l3.2 3.2" />,
  close: <path d="m4 4 8 8M12 4l-8 8" />,
  check: <path d="m3 8.5 3.2 3.200L13 4.8" />,
  pause: <path d="M5.5 3.500v9M10.5 3.500v9" />,
  play: <path d="M5 3.300v9.400l7.3-4.700z" />,
  up: <path d="M8 13V3.500M4 7.3 8 3.300l4 4" />,
  down: <path d="m4 6.2 4 4 4-4" />,
  'arrow-down': <path d="M8 3v9.500M4 8.700l4 4 4-4" />,
  right: <path d="m6.2 4 4 4-4 4" />,
  left: <path d="m9.8 4-4 4 4 4" />,
  copy: <path d="M5.5 5.500h7.800v7.800H5.500zM3.5 10.500h-.8V2.700h7.800v.8" />,
  expand: <path d="M9.5 2.700h3.800v3.800M6.5 13.300H2.700V9.500M13 3 9.2 6.800M3 13l3.8-3.8" />,
  filter: <path d="M2.5 4h11M4.5 8h7M6.5 12h3" />,
  sun: <path d="M8 10.700a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.400ZM8 1.700v1.200M8 13.100v1.200M1.7 8h1.200M13.1 8h1.200M3.5 3.500l.9.900M11.6 11.600l.9.900M12.5 3.500l-.9.900M4.4 11.600l-.9.9" />,
  moon: <path d="M13.2 9.600A5.6 5.6 0 0 1 6.4 2.800a5.6 5.6 0 1 0 6.8 6.800Z" />,
  clock: <path d="M8 13.800A5.8 5.8 0 1 0 8 2.200a5.8 5.8 0 0 0 0 11.600ZM8 5v3.200l2.1 1.3" />,
  user: <path d="M8 7.700a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.200ZM3 13.500c.3-2.5 2.3-4 5-4s4.7 1.5 5 4" />,
  link: <path d="M6.7 9.300a2.5 2.5 0 0 0 3.5 0l2.4-2.400a2.5 2.5 0 0 0-3.5-3.500l-.8.800M9.3 6.700a2.5 2.5 0 0 0-3.5 0L3.4 9.100a2.5 2.5 0 0 0 3.5 3.500l.8-.8" />,
  keyboard: <path d="M1.8 4.300h12.400v7.400H1.800zM4.3 6.700h.1M7 6.700h.1M9.7 6.700h.1M12 6.700h.1M5 9.300h6" />,
  mute: <path d="M8 2.200A3.9 3.9 0 0 0 4.1 6.100c0 3.6-1.4 4.7-1.4 4.700h8.100M11.9 8.300c-.1-.6-.1-1.3-.1-2.200A3.9 3.9 0 0 0 9.5 2.600M6.8 13.200a1.3 1.3 0 0 0 2.4 0M2.5 2.500l11 11" />,
  plus: <path d="M8 3.500v9M3.5 8h9" />,
  offline: <path d="M2 2l12 12M5.2 9.400a4 4 0 0 1 2-1M10.6 9.300l.2.100M3 7a7 7 0 0 1 2.3-1.600M8.6 4.700A7 7 0 0 1 13 7M8 12.300h.1" />,
  settings: <path d="M2.500 4.500h6M11.500 4.500h2M2.500 11.500h2M7.500 11.500h6M10 6a1.500 1.500 0 1 0 0-3 1.500 1.500 0 0 0 0 3ZM6 13a1.500 1.500 0 1 0 0-3 1.500 1.500 0 0 0 0 3Z" />,
  trash: <path d="M3 4.500h10M6.300 4.300V3h3.400v1.300M4.300 4.500l.6 8.500h6.200l.6-8.500" />,
  download: <path d="M8 2.500v7M5.200 6.900 8 9.700l2.800-2.800M3 12.800h10" />,
  refresh: <path d="M13 8a5 5 0 1 1-1.600-3.700M13 2.600v2.600h-2.600" />,
  key: <path d="M5.3 13a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.600ZM7.4 8.300l5.4-5.400M10.5 5.200l2 2" />,
} satisfies Record<string, ReactNode>;
export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      {PATHS[name]}
    </svg>
  );
}

export function Logo({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" className="logo-ground" />
      <path d="M5 16c3-5 7-7.5 11-7.500S24 11 27 16c-3 5-7 7.5-11 7.500S8 21 5 16Z" fill="none" stroke="#fff" strokeWidth="2.4" strokeLinejoin="round" />
      <path d="M12 16l3 3.5 5-7" fill="none" stroke="#fff" strokeWidth="2.4" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
