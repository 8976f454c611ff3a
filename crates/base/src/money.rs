//! Money as integers in minor units. No floats, no decimals: 38.00 CNY is `3800` minor.

use serde::{Deserialize, Serialize};

/// An amount with its ISO 4217 currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// Amount in the currency's minor unit (分 for CNY).
    pub minor: i64,
    /// ISO 4217 code, e.g. `CNY`.
    pub currency: String,
}

impl Money {
    /// Sum of two amounts of one currency; `None` on overflow or when the currencies differ.
    pub fn checked_add(&self, other: &Money) -> Option<Money> {
        (self.currency == other.currency).then_some(())?;
        Some(Money { minor: self.minor.checked_add(other.minor)?, currency: self.currency.clone() })
    }
}
