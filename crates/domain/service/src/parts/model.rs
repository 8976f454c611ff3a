use base::Micros;
use org::Ref;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SparePart)]
pub struct Part {
    pub id: Uuid,
    pub code: String,
    pub name: String,
    pub unit: String,
    /// In the currency's minor unit.
    pub price_minor: i64,
    pub active: bool,
    pub version: i64,
}

/// So much of a part in a stock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StockLine {
    pub part: Ref,
    pub code: String,
    pub unit: String,
    pub quantity: i64,
    /// Of these, promised to orders.
    pub reserved: i64,
}

/// A store or somebody's van.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Stock {
    pub id: Uuid,
    pub name: String,
    /// store or van.
    pub kind: String,
    /// Who looks after it.
    pub employee: Ref,
    pub lines: Vec<StockLine>,
}

/// What a phone carries along of parts.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Van {
    pub lines: Vec<StockLine>,
    pub parts: Vec<Part>,
}

/// What happens to a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StockMoveKind {
    /// Bought, or found.
    Receive,
    Transfer,
    /// Built in.
    Use,
    /// Back from an order.
    Return,
    /// Counted: less or more than was thought.
    Adjust,
    /// Promised to an order.
    Reserve,
    Release,
}

impl StockMoveKind {
    pub fn key(self) -> &'static str {
        match self {
            StockMoveKind::Receive => "receive",
            StockMoveKind::Transfer => "transfer",
            StockMoveKind::Use => "use",
            StockMoveKind::Return => "return",
            StockMoveKind::Adjust => "adjust",
            StockMoveKind::Reserve => "reserve",
            StockMoveKind::Release => "release",
        }
    }

    pub fn from_key(key: &str) -> StockMoveKind {
        match key {
            "transfer" => StockMoveKind::Transfer,
            "use" => StockMoveKind::Use,
            "return" => StockMoveKind::Return,
            "adjust" => StockMoveKind::Adjust,
            "reserve" => StockMoveKind::Reserve,
            "release" => StockMoveKind::Release,
            _ => StockMoveKind::Receive,
        }
    }
}

/// One thing that happened to a stock.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StockMove {
    pub id: Uuid,
    pub kind: StockMoveKind,
    pub part: Ref,
    pub unit: String,
    pub from: Option<Ref>,
    pub to: Option<Ref>,
    pub quantity: i64,
    /// So much of it was not in the stock when it was told.
    pub short: i64,
    pub order: Option<Ref>,
    pub reason: Option<String>,
    pub by: Option<Ref>,
    #[schema(value_type = String, format = DateTime)]
    pub at: Micros,
}

/// A part built in at an order.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OrderPart {
    pub part: Ref,
    pub code: String,
    pub unit: String,
    /// Used, less what came back.
    pub quantity: i64,
    pub short: i64,
    pub price_minor: i64,
    pub minor: i64,
}

/// A part somebody lacks.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PartRequest {
    pub id: Uuid,
    pub part: Ref,
    pub code: String,
    pub unit: String,
    pub quantity: i64,
    pub order: Option<Ref>,
    pub note: Option<String>,
    pub employee: Ref,
    /// open, done or cancelled.
    pub status: String,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Micros,
}
