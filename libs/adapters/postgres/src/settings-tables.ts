import type { Json, JsonObject } from '@wary/model/json.js';
import type { RegisterName } from '@wary/model/registers.js';
import type { JsonColumn } from './json-column.js';

/** A row as it stood from one version to another; `until_version` null: it stands. */
export interface RegisterRowsTable { tenant: string; register: RegisterName; id: string; since_version: number; until_version: number | null; row: JsonColumn<JsonObject> }
export interface RegisterVersionsTable { tenant: string; version: number; register: RegisterName; at: number; by_name: string; added: number; changed: number; removed: number }

export interface DetectorSettingsTable {
  tenant: string; detector: string; enabled: boolean; weight: number; thresholds: JsonColumn<Record<string, Json>>; version: number; updated_at: number; updated_by: string;
}

export interface SettingsTables { register_rows: RegisterRowsTable; register_versions: RegisterVersionsTable; detector_settings: DetectorSettingsTable }
