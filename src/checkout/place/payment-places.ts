/** Where an order's payment token is sealed, so that the provider can be asked again after a crash. */
export const tokenPlace = (paymentUuid: string) => `payments|token|${paymentUuid}`;
/** Where the address is sealed that its buyer comes back to: it may carry a key. */
export const returnUrlPlace = (paymentUuid: string) => `payments|return_url|${paymentUuid}`;
