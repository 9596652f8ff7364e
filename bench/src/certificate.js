// A certificate for this run: browsers speak HTTP/2 only over TLS.

import { createHash, X509Certificate } from "node:crypto";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** @typedef {{ key: Buffer, cert: Buffer, pin: string }} Certificate `pin`: what Chromium is told to trust */

/** @returns {Certificate | undefined} made by openssl, where there is one */
export function certificate() {
  const folder = mkdtempSync(join(tmpdir(), "offprint-bench-certificate-"));
  try {
    const [keyFile, certFile] = ["key.pem", "cert.pem"].map((name) => join(folder, name));
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    const about = ["-days", "7", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
    execFileSync("openssl", ["req", "-x509", ...curve, ...about, "-keyout", keyFile, "-out", certFile], { stdio: "ignore" });
    const cert = readFileSync(certFile);
    const spki = new X509Certificate(cert).publicKey.export({ type: "spki", format: "der" });
    return { key: readFileSync(keyFile), cert, pin: createHash("sha256").update(spki).digest("base64") };
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
