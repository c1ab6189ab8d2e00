import type { Finding } from '@wary/model/finding.js';
import type { Column } from '../native/column.js';
import { DictionaryColumn } from '../native/dictionary-column.js';
import { nativeBlock, type NativeBlock } from '../native/native-block.js';
import { NumberColumn, WideColumn } from '../native/number-columns.js';
import { StringColumn } from '../native/string-column.js';

export class FindingColumns {
  private rows = 0;
  private readonly tenant = new DictionaryColumn('tenant');
  private readonly id = new StringColumn('id');
  private readonly revision = new NumberColumn('revision', 'UInt32');
  private readonly entityType = new DictionaryColumn('entity_type');
  private readonly entityId = new StringColumn('entity_id');
  private readonly detector = new DictionaryColumn('detector');
  private readonly reason = new DictionaryColumn('reason');
  private readonly severity = new DictionaryColumn('severity');
  private readonly time = new WideColumn('time', "DateTime64(3, 'UTC')");
  private readonly historical = new NumberColumn('historical', 'Bool');
  private readonly strength = new NumberColumn('strength', 'Float64');
  private readonly body = new StringColumn('body');
  readonly columns: readonly Column[] = [
    this.tenant, this.id, this.revision, this.entityType, this.entityId, this.detector, this.reason, this.severity, this.time, this.historical, this.strength, this.body,
  ];

  add(finding: Finding): void {
    this.rows += 1;
    this.tenant.push(finding.tenant);
    this.id.push(finding.id);
    this.revision.push(finding.revision);
    this.entityType.push(finding.entity.type);
    this.entityId.push(finding.entity.id);
    this.detector.push(finding.detector.id);
    this.reason.push(finding.reason);
    this.severity.push(finding.severity);
    this.time.push(finding.time);
    this.historical.push(finding.historical ? 1 : 0);
    this.strength.push(finding.strength);
    this.body.push(JSON.stringify(finding));
  }

  block(): NativeBlock {
    return nativeBlock(this.columns, this.rows);
  }
}
