/** The colour of a tenant's state. */
export const TENANT_COLOURS = {
  PROVISIONING: 'processing', ACTIVE: 'success', SUSPENDED: 'error', CLOSING: 'warning', ERASED: 'default',
} as const;
