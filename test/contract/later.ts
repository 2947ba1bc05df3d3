/** Mutations of the contract that are still to come. The list may only shrink. */
export const later = [
  "verifyEmail",
  "requestPasswordReset",
  "resetPassword",
  "revokeSessions",
  "changePassword",
];
