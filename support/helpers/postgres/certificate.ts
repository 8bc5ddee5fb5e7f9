import { chown, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createCA, createCert } from "mkcert";
import type { Account } from "./unprivileged-user.ts";

const DAYS = 2;

/** What a server needs for TLS, and its clients for knowing it. */
export interface CertificateFiles {
  /** The server's own certificate and its key. */
  readonly certificate: string;
  readonly key: string;
  /** The certificate of the authority that signed it, for `sslrootcert` in a client's address. */
  readonly authority: string;
}

/**
 * Makes an authority and a certificate for the loopback interface, good for two days, as files in a folder. The key is
 * readable for the account only; PostgreSQL takes no other.
 *
 * @throws the system's error (as a rejection) when a file cannot be written
 */
export async function writeCertificate(
  folder: string,
  account: Account | undefined,
): Promise<CertificateFiles> {
  const names = { organization: "tsasync", countryCode: "NA", state: "this computer", locality: "loopback" };
  const ca = await createCA({ ...names, validity: DAYS });
  const own = await createCert({ ca, domains: ["127.0.0.1", "localhost"], validity: DAYS });
  const files = {
    certificate: join(folder, "server.crt"),
    key: join(folder, "server.key"),
    authority: join(folder, "authority.crt"),
  };
  await writeFile(files.certificate, own.cert);
  await writeFile(files.key, own.key, { mode: 0o600 });
  await writeFile(files.authority, ca.cert);
  if (account !== undefined) await chown(files.key, account.uid, account.gid);
  return files;
}
