/** The colour of a mail's state. */
export const MAIL_COLOURS = {
  QUEUED: 'processing', SENT: 'success', FAILED: 'error', HELD: 'warning',
} as const;
