//! TLS: from certificate files, from an authority that speaks ACME, or, for a trial on the office network, from an
//! authority of our own.
//!
//! With ACME the proof is made on the port itself (TLS-ALPN-01, RFC 8737): the authority connects to port 443 of the
//! name and is shown a certificate made for the question. Nothing listens on port 80.
//!
//! A phone needs HTTPS to use camera and location. Without a public name there is no public certificate, so
//! `--tls-office` makes an authority once, keeps it in the data folder, and issues a certificate for the
//! addresses of this machine. The phone installs the authority from `/office-ca.crt`.

use std::{
    fs, io,
    net::IpAddr,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use futures::StreamExt;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SanType,
};
use rustls::{
    ClientConfig, RootCertStore, ServerConfig,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, DnsName, PrivateKeyDer, pem::PemObject},
};
use rustls_acme::{
    AcmeConfig, EventError, EventOk, OrderError,
    acme::{ACME_TLS_ALPN_NAME, Auth, Identifier},
    caches::DirCache,
};
use tokio_rustls::TlsAcceptor;

/// From PEM files: certificate chain and private key.
///
/// # Errors
/// When a file cannot be read or the two do not fit together.
pub fn from_files(chain: &Path, key: &Path) -> Result<TlsAcceptor> {
    let certificates = CertificateDer::pem_file_iter(chain)
        .with_context(|| format!("reading {}", chain.display()))?
        .collect::<Result<Vec<_>, _>>()
        .with_context(|| format!("reading {}", chain.display()))?;
    let key = PrivateKeyDer::from_pem_file(key).with_context(|| format!("reading {}", key.display()))?;
    acceptor(certificates, key)
}

/// How to get certificates by ACME.
#[derive(Debug, Clone)]
pub struct Acme {
    /// Names the certificate is for.
    pub domains: Vec<String>,
    /// Where the authority writes to, as `mailto:…`.
    pub contacts: Vec<String>,
    /// Address of the authority's directory.
    pub directory: String,
    /// Authority (PEM) that vouches for the directory itself, when it is not one of the public ones.
    pub root: Option<PathBuf>,
}

/// Let's Encrypt.
pub const PUBLIC_DIRECTORY: &str = rustls_acme::acme::LETS_ENCRYPT_PRODUCTION_DIRECTORY;

/// Time until an order that failed is made again: soon once, in case the network was not up yet, then as rarely as Let's
/// Encrypt allows failed proofs of a name (five an hour).
const AGAIN: [Duration; 2] = [Duration::from_secs(60), Duration::from_secs(15 * 60)];

/// Certificates by ACME: ordered when there is none, kept in `data/acme`, renewed when two thirds of their time are over.
/// Until the first one is there, connections are refused. Failures are logged and tried again.
///
/// # Errors
/// When a name is none that can be proven so, a contact is no address, the folder cannot be made or the root cannot be read.
pub fn acme(data: &Path, how: &Acme) -> Result<TlsAcceptor> {
    how.check()?;
    let folder = data.join("acme");
    // It holds the private keys of account and certificate.
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&folder)
        .with_context(|| format!("creating {}", folder.display()))?;
    let mut config = AcmeConfig::new(&how.domains);
    if let Some(root) = &how.root {
        config = config.client_tls_config(trusting(root)?);
    }
    let mut state =
        config.contact(&how.contacts).directory(&how.directory).cache(DirCache::new(folder)).state();
    let mut server = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(state.resolver());
    server.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec(), ACME_TLS_ALPN_NAME.to_vec()];
    let (names, directory) = (how.domains.join(", "), how.directory.clone());
    tokio::spawn(async move {
        let mut failed = 0;
        while let Some(event) = state.next().await {
            match event {
                Ok(event) => {
                    failed = 0;
                    tracing::info!(names, directory, "{}", news(&event));
                }
                Err(error) => {
                    let again = AGAIN[usize::min(failed, AGAIN.len() - 1)];
                    failed += 1;
                    tracing::error!(names, directory, again_in_s = again.as_secs(), "{}", reason(&error));
                    tokio::time::sleep(again).await;
                }
            }
        }
    });
    Ok(TlsAcceptor::from(Arc::new(server)))
}

impl Acme {
    /// An authority would refuse these, too, but only later and into the log.
    fn check(&self) -> Result<()> {
        for name in &self.domains {
            if name.starts_with("*.") {
                bail!("{name}: a wildcard is proven by DNS only, not on the port; name each host");
            }
            if name.parse::<IpAddr>().is_ok() || DnsName::try_from(name.as_str()).is_err() {
                bail!("{name}: expected the name of a host, like tashi.example.com");
            }
        }
        if let Some(wrong) = self.contacts.iter().find(|c| !c.starts_with("mailto:") || !c.contains('@')) {
            bail!("{wrong}: expected mailto:name@example.com");
        }
        if !self.directory.starts_with("https://") {
            bail!("{}: the directory of an authority is an https:// address", self.directory);
        }
        Ok(())
    }
}

fn news(event: &EventOk) -> &'static str {
    match event {
        EventOk::DeployedCachedCert => "serving with the certificate kept in the data folder",
        EventOk::DeployedNewCert => "serving with a new certificate",
        EventOk::CertCacheStore => "certificate kept in the data folder",
        EventOk::AccountCacheStore => "account key kept in the data folder",
    }
}

/// What went wrong, with what the authority said about it.
fn reason(error: &EventError<io::Error, io::Error>) -> String {
    match error {
        EventError::Order(OrderError::BadAuth(auth)) => {
            let Identifier::Dns(name) = &auth.identifier;
            format!(
                "the authority could not prove {name}, it connects to port 443 of that name: {}",
                said(auth)
            )
        }
        EventError::Order(OrderError::BadOrder(order)) => {
            let detail = order.error.as_ref().and_then(|e| e.detail.as_deref());
            format!("the authority refused the order: {}", detail.unwrap_or("it did not say why"))
        }
        other => format!("no certificate: {other}"),
    }
}

fn said(auth: &Auth) -> &str {
    let detail = auth.challenges.iter().find_map(|c| c.error.as_ref()?.detail.as_deref());
    detail.unwrap_or("it did not say why")
}

/// A client that believes those the authorities in a PEM file vouch for.
fn trusting(root: &Path) -> Result<Arc<ClientConfig>> {
    let mut roots = RootCertStore::empty();
    let reading = || format!("reading {}", root.display());
    for certificate in CertificateDer::pem_file_iter(root).with_context(reading)? {
        roots.add(certificate.with_context(reading)?)?;
    }
    let config = ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions()?;
    Ok(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

fn acceptor(chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> Result<TlsAcceptor> {
    let mut config = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .context("certificate and key do not fit together")?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// From our own authority in `data/office-ca`, for the given names and addresses. Answers the acceptor and the
/// authority's certificate as PEM, to be installed on the phones.
///
/// # Errors
/// When the folder cannot be written.
pub fn office(data: &Path, names: &[String], addresses: &[IpAddr]) -> Result<(TlsAcceptor, String)> {
    let folder = data.join("office-ca");
    fs::create_dir_all(&folder)?;
    let (ca_file, key_file) = (folder.join("ca.crt"), folder.join("ca.key"));
    if !ca_file.exists() {
        let key = KeyPair::generate()?;
        fs::write(&ca_file, authority()?.self_signed(&key)?.pem())?;
        private(&key_file, &key.serialize_pem())?;
    }
    let ca_pem = fs::read_to_string(&ca_file)?;
    let issuer = Issuer::new(authority()?, KeyPair::from_pem(&fs::read_to_string(&key_file)?)?);
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new(names.to_vec())?;
    params.subject_alt_names.extend(addresses.iter().map(|a| SanType::IpAddress(*a)));
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.distinguished_name.push(DnType::CommonName, "Tashi");
    let certificate = params.signed_by(&key, &issuer)?;
    let key = PrivateKeyDer::try_from(key.serialize_der()).map_err(|e| anyhow::anyhow!("{e}"))?;
    Ok((acceptor(vec![certificate.der().clone()], key)?, ca_pem))
}

fn authority() -> Result<CertificateParams> {
    let mut params = CertificateParams::new(vec![])?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.distinguished_name.push(DnType::CommonName, "Tashi office trial CA");
    Ok(params)
}

/// Writes a file only its owner may read.
fn private(path: &Path, text: &str) -> Result<()> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};
    let mut file = fs::OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(path)?;
    Ok(file.write_all(text.as_bytes())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_authority_is_made_once() {
        let folder = std::env::temp_dir().join(format!("tashi-tls-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir_all(&folder).unwrap();
        let names = ["localhost".to_owned()];
        let (_, first) = office(&folder, &names, &["127.0.0.1".parse().unwrap()]).unwrap();
        let (_, second) = office(&folder, &names, &[]).unwrap();
        assert_eq!(first, second);
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn only_what_can_be_proven_on_the_port_is_ordered() {
        let how = |domain: &str, contact: &str, directory: &str| Acme {
            domains: vec![domain.into()],
            contacts: vec![contact.into()],
            directory: directory.into(),
            root: None,
        };
        let (name, contact) = ("tashi.example.com", "mailto:a@example.com");
        assert!(how(name, contact, PUBLIC_DIRECTORY).check().is_ok());
        for wrong in [
            "*.example.com",
            "192.0.2.7",
            "2001:db8::1",
            "https://a.example",
            "a.example:443",
            "外勤.中国",
            "",
        ] {
            assert!(how(wrong, contact, PUBLIC_DIRECTORY).check().is_err(), "{wrong}");
        }
        assert!(how(name, "a@example.com", PUBLIC_DIRECTORY).check().is_err());
        assert!(how(name, contact, "http://ca.example/dir").check().is_err());
    }

    #[test]
    fn the_log_says_what_the_authority_said() {
        // As RFC 8555 §7.1.4 has it.
        let auth = serde_json::from_str(
            r#"{"status": "invalid", "identifier": {"type": "dns", "value": "tashi.example.com"}, "challenges": [
                {"type": "http-01", "url": "https://ca.example/1", "token": "a", "status": "pending"},
                {"type": "tls-alpn-01", "url": "https://ca.example/2", "token": "b", "status": "invalid",
                 "error": {"type": "urn:ietf:params:acme:error:connection", "detail": "Connection refused"}}]}"#,
        )
        .unwrap();
        let text = reason(&EventError::Order(OrderError::BadAuth(auth)));
        assert!(text.contains("tashi.example.com") && text.ends_with("Connection refused"), "{text}");
    }
}
