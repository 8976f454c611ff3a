//! argon2id, 19 MiB and two passes (OWASP's first choice), as many at a time as there are cores: a morning of
//! a thousand sign-ins queues instead of eating the memory.

use std::sync::LazyLock;

use api::PasswordCost;
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString},
};
use base::Problem;
use db::Result;
use rand::Rng;
use tokio::sync::Semaphore;

static AT_ONCE: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(std::thread::available_parallelism().map_or(2, |n| n.get())));

/// Stored form of a password.
pub async fn hash_password(password: String, cost: PasswordCost) -> Result<String> {
    in_turn(move || {
        let mut salt = [0u8; 16];
        rand::rng().fill(&mut salt);
        let salt = SaltString::encode_b64(&salt).map_err(Problem::internal)?;
        Ok(argon2id(cost)?.hash_password(password.as_bytes(), &salt).map_err(Problem::internal)?.to_string())
    })
    .await
}

fn argon2id(cost: PasswordCost) -> Result<Argon2<'static>> {
    let params = match cost {
        PasswordCost::Full => Params::DEFAULT,
        PasswordCost::Least => Params::new(Params::MIN_M_COST, Params::MIN_T_COST, Params::MIN_P_COST, None)
            .map_err(Problem::internal)?,
    };
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Does a password fit the stored form? An unknown login is checked against [`NOBODY`], so that it takes as long.
pub(super) async fn fits(password: String, hash: String) -> Result<bool> {
    in_turn(move || {
        let parsed = PasswordHash::new(&hash).map_err(Problem::internal)?;
        Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
    })
    .await
}

/// Hash of a random password that nobody knows.
pub(crate) const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRub2JvZHk$9yJ3kZLr9hXn0nQ1pLw0m4e0bQ6m0Xq3R9f1r2wXW1A";

async fn in_turn<T: Send + 'static>(f: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let _turn = AT_ONCE.acquire().await.map_err(Problem::internal)?;
    tokio::task::spawn_blocking(f).await.map_err(Problem::internal)?
}

/// At least 8 characters, not the login, not one of the passwords everybody tries first.
pub fn strong_enough(password: &str, login: &str) -> bool {
    const FIRST_TRIED: &[&str] = &[
        "12345678",
        "123456789",
        "1234567890",
        "password",
        "password1",
        "qwertyui",
        "11111111",
        "88888888",
        "66666666",
        "00000000",
        "admin123",
        "admin888",
        "abc12345",
        "iloveyou",
    ];
    let lower = password.to_lowercase();
    (8..=128).contains(&password.chars().count())
        && lower != login.to_lowercase()
        && !FIRST_TRIED.contains(&lower.as_str())
}

/// A first password that can be read out on the phone: no 0/O, 1/l.
pub fn readable_password() -> String {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut rng = rand::rng();
    let mut group =
        |n| (0..n).map(|_| char::from(LETTERS[rng.random_range(0..LETTERS.len())])).collect::<String>();
    format!("{}-{}-{}", group(4), group(4), group(4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_fits() {
        let hash = hash_password("correct horse".into(), PasswordCost::Full).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(fits("correct horse".into(), hash.clone()).await.unwrap());
        assert!(!fits("correct house".into(), hash).await.unwrap());
        assert!(!fits("anything".into(), NOBODY.into()).await.unwrap());

        let cheap = hash_password("correct horse".into(), PasswordCost::Least).await.unwrap();
        assert!(fits("correct horse".into(), cheap.clone()).await.unwrap());
        assert!(!fits("correct house".into(), cheap).await.unwrap());
    }

    #[test]
    fn weak_passwords_are_refused() {
        assert!(
            !strong_enough("short", "a")
                && !strong_enough("12345678", "a")
                && !strong_enough("Zhangwei8", "zhangwei8")
        );
        assert!(strong_enough(&readable_password(), "zhangwei"));
    }
}
