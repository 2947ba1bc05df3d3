import { refusals } from "../platform/refusal";

export const { codes: AccountErrorCode, refuse } = refusals({
  EMAIL_INVALID: "This is not an e-mail address that mail can be sent to.",
  NAME_INVALID: "The name is too long or holds control characters.",
  PASSWORD_TOO_SHORT: "The password is too short.",
  PASSWORD_TOO_LONG: "The password is too long.",
  PASSWORD_TOO_COMMON:
    "The password is too easy to guess: it is widely used, or close to the shop's name or the e-mail address.",
  PASSWORD_UNCHANGED: "The new password is the same as the old one.",
  INVALID_CREDENTIALS: "The e-mail address or the password is wrong.",
  INVALID_TOKEN: "The token is not valid any more.",
  MFA_REQUIRED: "A second factor is needed.",
  INVALID_CODE: "The code is wrong or not valid any more.",
  REAUTHENTICATION_REQUIRED: "Sign in again first.",
  ADDRESS_INVALID: "This part of the address is missing, too long or not valid.",
  TOO_MANY_ADDRESSES: "The account has as many addresses as it can hold.",
  NOT_FOUND: "Not found.",
});
