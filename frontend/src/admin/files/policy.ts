/** The form's values and the server's: sizes in MiB where people type them, days of 0 for ever. */
import type { FilePolicyFieldsFragment, FilePolicyUpdateInput } from '../../gql/tenant/console.ts';

const MIB = 1024 * 1024;

export interface PolicyValues {
  fileMib: number;
  largeFiles: boolean;
  largeFileMib: number;
  partnerFileMib: number;
  image: number;
  video: number;
  file: number;
  previewOnly: boolean;
}

export function valuesOf(policy: FilePolicyFieldsFragment): PolicyValues {
  const mib = (bytes: number): number => Math.round((bytes / MIB) * 10) / 10;
  return {
    fileMib: mib(policy.fileBytesMax), largeFiles: policy.largeFiles, largeFileMib: mib(policy.largeFileBytesMax),
    partnerFileMib: mib(policy.partnerFileBytesMax), previewOnly: policy.previewOnly,
    image: policy.retentionDays.image ?? 0, video: policy.retentionDays.video ?? 0, file: policy.retentionDays.file ?? 0,
  };
}

export function inputOf(values: PolicyValues): FilePolicyUpdateInput {
  const bytes = (mib: number): number => Math.round(mib * MIB);
  return {
    fileBytesMax: bytes(values.fileMib), largeFiles: values.largeFiles, largeFileBytesMax: bytes(values.largeFileMib),
    partnerFileBytesMax: bytes(values.partnerFileMib), previewOnly: values.previewOnly,
    retentionDays: { image: values.image || null, video: values.video || null, file: values.file || null },
  };
}

/** Whether saving would delete something that is kept now; 0 is for ever. */
export function shortens(before: PolicyValues, after: PolicyValues): boolean {
  return (['image', 'video', 'file'] as const).some((kind) => (
    after[kind] > 0 && (before[kind] === 0 || after[kind] < before[kind])
  ));
}
