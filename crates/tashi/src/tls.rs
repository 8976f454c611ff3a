//! TLS: from certificate files, or, for a trial on the office network, from an authority of our own.
//!
//! A phone needs HTTPS to use camera and location. Without a public name there is no public certificate, so
//! `--tls-office` makes an authority once, keeps it in the data folder, and issues a certificate for the
//! addresses of this machine. The phone installs the authority from `/office-ca.crt`.

use std::{fs, net::IpAddr, path::Path, sync::Arc};

use anyhow::{Context, Result};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SanType,
};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
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

fn acceptor(chain: Vec<CertificateDer<'static>>, key: PrivateKeyDer<'static>) -> Result<TlsAcceptor> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
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
    #[test]
    fn the_authority_is_made_once() {
        let folder = std::env::temp_dir().join(format!("tashi-tls-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir_all(&folder).unwrap();
        let names = ["localhost".to_owned()];
        let (_, first) = super::office(&folder, &names, &["127.0.0.1".parse().unwrap()]).unwrap();
        let (_, second) = super::office(&folder, &names, &[]).unwrap();
        assert_eq!(first, second);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
