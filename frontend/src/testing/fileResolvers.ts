/** The mock of the file operations of /graphql. */
import type { MockFiles } from './mockFiles.ts';
import type { MockMember, MockWorld } from './world.ts';

interface FilePorts {
  self: () => MockMember;
  member: (one: MockMember) => unknown;
  company: () => unknown;
  /** Tells everybody that the directory changed. */
  directoryChanged: () => void;
}

interface CropInput {
  fileId?: string | null;
}

export function fileRoot(world: MockWorld, files: MockFiles, { self, member, company, directoryChanged }: FilePorts) {
  return {
    upload: ({ id }: { id: string }) => files.wire(id),
    filePolicy: () => files.policy,
    storageUsage: () => files.usage(),
    uploadStart: ({ input }: { input: { nonce: string; name: string; sizeBytes: number } }) => files.start(self().id, input),
    uploadParts: ({ id, numbers }: { id: string; numbers: number[] }) => files.parts(id, numbers),
    uploadComplete: ({ input }: { input: { id: string } }) => files.complete(input.id),
    uploadCancel: ({ input }: { input: { id: string } }) => files.cancel(input.id),
    fileGrants: ({ input }: { input: { fileIds: string[]; disposition: string } }) => files.grants(input.fileIds, input.disposition),
    filePolicyUpdate: ({ input }: { input: Record<string, unknown> }) => {
      Object.assign(files.policy, input);
      return { problem: null, policy: files.policy };
    },
    memberAvatarSet: ({ input }: { input: CropInput }) => {
      const me = self();
      me.avatarId = input.fileId ?? null;
      directoryChanged();
      return { problem: null, member: member(me) };
    },
    companyLogoSet: ({ input }: { input: CropInput }) => {
      world.company.logoId = input.fileId ?? null;
      return { problem: null, company: company() };
    },
  };
}
