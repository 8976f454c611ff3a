//! Time-based one-time codes (RFC 6238): SHA-1, 30 s, 6 digits, as every authenticator app speaks them. A
//! step is accepted once.

use base::{Micros, Problem};
use db::Result;
use qrcode::{QrCode, render::svg};
use totp_rs::{Algorithm, Builder, Secret};

/// A new secret in base 32.
pub(super) fn new_secret() -> String {
    use rand::Rng;
    let mut bytes = [0u8; 20];
    rand::rng().fill(&mut bytes[..]);
    Secret::new_stack(bytes).to_base32()
}

/// The step a code belongs to, if it is the current one or a neighbour.
pub(super) fn step_of(secret: &str, code: &str, now: Micros) -> Result<Option<i64>> {
    let secret = Secret::try_from_base32(secret).map_err(|e| Problem::internal(format!("{e:?}")))?;
    let totp =
        Builder::new().with_algorithm(Algorithm::SHA1).with_secret(secret).with_skew(1).build_noncompliant();
    let seconds = u64::try_from(now.0 / Micros::SECOND).unwrap_or(0);
    Ok(totp.check(code.trim(), seconds).and_then(|step| i64::try_from(step).ok()))
}

/// The address an authenticator app reads from the QR code.
pub(super) fn address(secret: &str, company: &str, login: &str) -> String {
    let escape = |s: &str| {
        s.bytes()
            .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
            .collect::<String>()
    };
    format!("otpauth://totp/{}:{}?secret={secret}&issuer={}", escape(company), escape(login), escape(company))
}

/// A QR code as SVG.
pub(crate) fn qr_svg(text: &str) -> Result<String> {
    let code = QrCode::new(text.as_bytes()).map_err(Problem::internal)?;
    Ok(code.render::<svg::Color<'_>>().min_dimensions(200, 200).build())
}
