/** Where pictures of people and companies are; they never change, a new picture has another id. */

export function avatarUrl(tenantId: string, avatarId: string | null | undefined): string | null {
  return avatarId ? `/files/${tenantId}/avatar/${avatarId}` : null;
}

export function logoUrl(tenantId: string, logoId: string | null | undefined): string | null {
  return logoId ? `/files/${tenantId}/logo/${logoId}` : null;
}
