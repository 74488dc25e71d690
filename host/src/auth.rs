//! Who asks: the holder of the admin token, or anybody.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use sha2::{Digest as _, Sha256};
use spaces::catalog::Audience;
use spaces::store::Store;
use subtle::ConstantTimeEq as _;

use crate::config::Secret;

/// The shortest admin token that is accepted, in bytes.
const MIN_TOKEN_BYTES: usize = 16;

/// Wrong tokens that are answered as such before further ones are only told to wait …
const MAX_GUESSES: f64 = 20.0;
/// … and how many more each second. The right token is always taken, so a guesser locks nobody out.
const GUESSES_PER_SECOND: f64 = 1.0;

/// The admin token's hash; the token itself is not kept.
pub(crate) struct AdminToken {
    hash: [u8; 32],
    guesses: Mutex<Guesses>,
}

struct Guesses {
    left: f64,
    at: Instant,
}

/// Who sends a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caller {
    Anyone,
    Admin,
}

impl Caller {
    /// What revisions call whoever has published them. There is one token, so there is one name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Anyone => "anyone",
            Self::Admin => "admin",
        }
    }
}

impl From<Caller> for Audience {
    fn from(caller: Caller) -> Self {
        match caller {
            Caller::Anyone => Self::Anyone,
            Caller::Admin => Self::Admin,
        }
    }
}

impl AdminToken {
    /// Takes the given token, else the stored hash, else makes a token and prints it once.
    ///
    /// # Errors
    /// When the token is too short or the store fails.
    pub(crate) async fn load(store: &Store, given: Option<&Secret>) -> anyhow::Result<Self> {
        if let Some(token) = given {
            let token = token.expose();
            anyhow::ensure!(
                token.len() >= MIN_TOKEN_BYTES,
                "the admin token has {} bytes: give VITRINE_ADMIN_TOKEN at least {MIN_TOKEN_BYTES}",
                token.len()
            );
            return Self::store(store, token).await;
        }
        if let Some(text) = store.admin_token_hash().await? {
            let mut hash = [0; 32];
            if hex::decode_to_slice(&text, &mut hash).is_ok() {
                return Ok(Self::new(hash));
            }
            anyhow::bail!("the stored admin token hash is damaged: start once with VITRINE_ADMIN_TOKEN set");
        }
        let token = format!("vt_{}", hex::encode(rand::random::<[u8; 24]>()));
        let admin = Self::store(store, &token).await?;
        crate::cli::output::result(&format!("Admin token (shown only this once): {token}"))?;
        Ok(admin)
    }

    async fn store(store: &Store, token: &str) -> anyhow::Result<Self> {
        let hash = hash(token);
        store.set_admin_token_hash(&hex::encode(hash)).await?;
        Ok(Self::new(hash))
    }

    fn new(hash: [u8; 32]) -> Self {
        Self { hash, guesses: Mutex::new(Guesses { left: MAX_GUESSES, at: Instant::now() }) }
    }

    /// Counts a wrong token; false where there have been too many of late.
    pub(crate) fn may_guess(&self) -> bool {
        let mut guesses = self.guesses.lock().unwrap_or_else(PoisonError::into_inner);
        let earned = guesses.at.elapsed().as_secs_f64() * GUESSES_PER_SECOND;
        guesses.left = (guesses.left + earned).min(MAX_GUESSES);
        guesses.at = Instant::now();
        let may = guesses.left >= 1.0;
        if may {
            guesses.left -= 1.0;
        }
        may
    }

    /// True for the admin token, in a time that does not depend on how much of it is right.
    pub(crate) fn matches(&self, token: &str) -> bool {
        hash(token).ct_eq(&self.hash).into()
    }
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}
