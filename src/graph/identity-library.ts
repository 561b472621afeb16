/** What the app uses of the identity library, apart from the rest of it, which would otherwise come along when it loads. */
export {
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  ManagedIdentityCredential,
} from "@azure/identity";
