//! Signed notes (c2sp.org/signed-note): a text, an empty line, and a line with an Ed25519 signature.
//!
//! Ours carry exactly one signature, so that no byte of a note is outside of what was signed.

use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signature, Signer};
use sha2::{Digest, Sha256};

/// Algorithm byte of Ed25519 in the C2SP.
const ED25519: u8 = 1;

/// Why a note is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    #[error("not a signed note")]
    Form,
    #[error("not a verifier key")]
    Key,
    #[error("signed by another key")]
    OtherKey,
    #[error("the signature does not fit the text")]
    Signature,
}

/// Public key of a log with its name. Written `name+hash+key`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    key: ed25519_dalek::VerifyingKey,
}

impl VerifierKey {
    /// Reads the written form.
    ///
    /// # Errors
    /// When a part is missing, or the short hash does not belong to name and key.
    pub fn parse(text: &str) -> Result<VerifierKey, NoteError> {
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(short), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NoteError::Key);
        };
        let bytes = STANDARD.decode(key).map_err(|_| NoteError::Key)?;
        let [ED25519, public @ ..] = bytes.as_slice() else { return Err(NoteError::Key) };
        let public: [u8; 32] = public.try_into().map_err(|_| NoteError::Key)?;
        let key = ed25519_dalek::VerifyingKey::from_bytes(&public).map_err(|_| NoteError::Key)?;
        let key = VerifierKey { name: name.to_owned(), key };
        if !is_name(name) || hex::encode(key.short()) != short {
            return Err(NoteError::Key);
        }
        Ok(key)
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// First four bytes of the hash over name and key: tells keys apart, proves nothing.
    fn short(&self) -> [u8; 4] {
        let mut hasher = Sha256::new();
        hasher.update(self.name.as_bytes());
        hasher.update([b'\n', ED25519]);
        hasher.update(self.key.as_bytes());
        let hash: [u8; 32] = hasher.finalize().into();
        [hash[0], hash[1], hash[2], hash[3]]
    }

    /// SHA-256 of the public key in groups, to be compared by eye or read out.
    pub fn fingerprint(&self) -> String {
        let hash = hex::encode(&Sha256::digest(self.key.as_bytes())[..16]);
        let groups: Vec<&str> = (0..8).map(|k| &hash[4 * k..4 * k + 4]).collect();
        groups.join(" ")
    }
}

impl std::fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut key = vec![ED25519];
        key.extend(self.key.as_bytes());
        write!(f, "{}+{}+{}", self.name, hex::encode(self.short()), STANDARD.encode(key))
    }
}

/// Names hold neither spaces nor plus signs.
fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains('+') && !name.chars().any(char::is_whitespace)
}

/// Secret key of a log.
pub struct SigningKey {
    public: VerifierKey,
    secret: ed25519_dalek::SigningKey,
}

impl SigningKey {
    /// From 32 random bytes. `None` when the name holds a space or a plus sign.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Option<SigningKey> {
        let secret = ed25519_dalek::SigningKey::from_bytes(seed);
        let public = VerifierKey { name: name.to_owned(), key: secret.verifying_key() };
        is_name(name).then_some(SigningKey { public, secret })
    }

    pub fn public(&self) -> &VerifierKey {
        &self.public
    }

    /// A text with its signature. A missing line end is added.
    pub fn sign(&self, text: &str) -> String {
        let end = if text.ends_with('\n') { "" } else { "\n" };
        let text = format!("{text}{end}");
        let mut signature = self.public.short().to_vec();
        signature.extend(self.secret.sign(text.as_bytes()).to_bytes());
        format!("{text}\n\u{2014} {} {}\n", self.public.name, STANDARD.encode(signature))
    }
}

/// A note in its parts; nothing is verified yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Note<'a> {
    /// What is signed, with its last line end.
    pub text: &'a str,
    /// Name beside the signature.
    pub signer: &'a str,
    signature: &'a str,
}

impl<'a> Note<'a> {
    /// Takes a note apart.
    ///
    /// # Errors
    /// When it is not a text with exactly one signature line.
    pub fn parse(note: &'a str) -> Result<Note<'a>, NoteError> {
        let (text, tail) = note.rsplit_once("\n\n").ok_or(NoteError::Form)?;
        let line =
            tail.strip_suffix('\n').and_then(|t| t.strip_prefix("\u{2014} ")).ok_or(NoteError::Form)?;
        let (signer, signature) = line.split_once(' ').ok_or(NoteError::Form)?;
        if line.contains('\n') || !is_name(signer) || note.chars().any(|c| c.is_control() && c != '\n') {
            return Err(NoteError::Form);
        }
        Ok(Note { text: &note[..=text.len()], signer, signature })
    }

    /// The text, if this key signed it.
    ///
    /// # Errors
    /// When another key did, or the text is not what was signed.
    pub fn open(&self, key: &VerifierKey) -> Result<&'a str, NoteError> {
        let bytes = STANDARD.decode(self.signature).map_err(|_| NoteError::Form)?;
        let (short, signature) = bytes.split_at_checked(4).ok_or(NoteError::Form)?;
        if self.signer != key.name || short != key.short() {
            return Err(NoteError::OtherKey);
        }
        let signature = Signature::from_slice(signature).map_err(|_| NoteError::Form)?;
        key.key.verify_strict(self.text.as_bytes(), &signature).map_err(|_| NoteError::Signature)?;
        Ok(self.text)
    }
}
