//! What happens to stocks: each move is one row, and the lines follow it in the same transaction.

use api::Checks;
use base::{Micros, Problem, id, problem};
use db::{Result, Tx};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    model::{Part, StockMoveKind},
    sql::{self, NewMove},
};
use crate::{NOT_NOW, OVER, SAME_STOCK, SHORT, orders};

/// Most of a part that moves at once.
const MOST: i64 = 1_000_000;
/// Most a part can cost.
const MOST_PRICE: i64 = 100_000_000_000;
/// What stands at a use that came in after the order had ended.
const LATE: &str = "工单结束后补报 / told after the order had ended";
/// How often a use looks again at a stock that changed meanwhile.
const TRIES: usize = 5;

/// A move as the store enters it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStockMove {
    /// Made by the client: the same again is the same move.
    pub id: Option<Uuid>,
    pub kind: StockMoveKind,
    pub part_id: Uuid,
    /// Of a transfer, a reservation, a release, a use, and of an adjustment downwards.
    pub from_id: Option<Uuid>,
    /// Of a receipt, a transfer, a return, and of an adjustment upwards.
    pub to_id: Option<Uuid>,
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub quantity: i64,
    /// Of a use, a return, a reservation and a release.
    pub order_id: Option<Uuid>,
    /// Of an adjustment.
    #[schema(max_length = 200)]
    pub reason: Option<String>,
}

impl NewStockMove {
    /// # Errors
    /// `input.invalid` with every faulty field; `stock.same`.
    pub fn check(&self) -> Result<()> {
        use StockMoveKind::{Adjust, Receive, Release, Reserve, Return, Transfer, Use};
        let (from, to) = (self.from_id.is_some(), self.to_id.is_some());
        let sides = match self.kind {
            Receive | Return => (false, true),
            Transfer => (true, true),
            Use | Reserve | Release => (true, false),
            Adjust => (from && !to, to),
        };
        let for_order = matches!(self.kind, Use | Return | Reserve | Release);
        let said = self.reason.as_deref().is_some_and(|r| !r.trim().is_empty());
        Checks::new()
            .that("quantity", (1..=MOST).contains(&self.quantity))
            .that("from_id", from == sides.0 && (from || to))
            .that("to_id", to == sides.1)
            .that("order_id", for_order == self.order_id.is_some())
            .that("reason", said || self.kind != Adjust)
            .at_most("reason", self.reason.as_deref(), 200)
            .done()?;
        if self.kind == Transfer && self.from_id == self.to_id {
            return Err(Problem::new(SAME_STOCK).field("to_id", SAME_STOCK));
        }
        Ok(())
    }
}

async fn short(tx: &mut Tx, stock: Uuid, part: &Part, want: i64) -> Problem {
    let have = sql::free(tx, stock, part.id).await.unwrap_or_default();
    Problem::new(SHORT).with("name", &part.name).with("have", have).with("want", want)
}

/// Makes a move between stocks in reach. The same id and content again changes nothing.
///
/// # Errors
/// `stock.short`; `not_found` for a stock, part or order out of reach.
pub(crate) async fn make(tx: &mut Tx, new: NewStockMove) -> Result<Uuid> {
    new.check()?;
    let sha256 = work::content_sha256(&new)?;
    let id = new.id.unwrap_or_else(id::new_v7);
    if let Some(known) = sql::known_move(tx, id).await? {
        return if known == sha256 { Ok(id) } else { Err(Problem::new(problem::CONFLICT)) };
    }
    let part = sql::part(tx, new.part_id).await?;
    for stock in [new.from_id, new.to_id].into_iter().flatten() {
        sql::stock(tx, stock).await?;
    }
    let mut price = part.price_minor;
    if let Some(order) = new.order_id {
        let row = orders::sql::one(tx, order).await?;
        // Held before anything of it is summed up.
        orders::sql::hold(tx, order).await?;
        let row = orders::sql::of_company(tx, row.id).await?.unwrap_or(row);
        // What the customer signed for stays as he signed it.
        if new.kind != StockMoveKind::Release && !row.kept().is_open() {
            return Err(Problem::new(NOT_NOW));
        }
        if new.kind == StockMoveKind::Return {
            price = price_of_use(tx, order, &part, new.quantity).await?;
        }
    }
    let n = new.quantity;
    match (new.kind, new.from_id) {
        (StockMoveKind::Reserve, Some(from)) => {
            if !sql::reserve(tx, from, part.id, n).await? {
                return Err(short(tx, from, &part, n).await);
            }
        }
        (StockMoveKind::Release, Some(from)) => {
            let order = new.order_id.unwrap_or_default();
            let promised = sql::promised(tx, order).await?;
            let held =
                promised.iter().find(|p| p.from_id == from && p.part_id == part.id).map_or(0, |p| p.quantity);
            Checks::new().that("quantity", n <= held).done()?;
            released(sql::release(tx, from, part.id, n).await?)?;
        }
        (kind, from) => {
            if let (StockMoveKind::Use, Some(order)) = (kind, new.order_id) {
                release_some(tx, order, from, part.id, n).await?;
            }
            if let Some(from) = from
                && !sql::take_out(tx, from, part.id, n).await?
            {
                return Err(short(tx, from, &part, n).await);
            }
            if let Some(to) = new.to_id {
                sql::put_in(tx, to, part.id, n).await?;
            }
        }
    }
    let reason = new.reason.as_deref().map(str::trim).filter(|r| !r.is_empty());
    let row = NewMove {
        id,
        kind: new.kind,
        part: part.id,
        from: new.from_id,
        to: new.to_id,
        quantity: n,
        short: 0,
        price,
        order: new.order_id,
        reason,
        claimed_at: None,
        content_sha256: &sha256,
    };
    if !sql::insert_move(tx, &row).await? {
        return Err(Problem::new(problem::CONFLICT));
    }
    let told =
        json!({ "part": part.code, "quantity": n, "from": new.from_id, "to": new.to_id, "reason": reason });
    tx.audit(&format!("stock.{}", new.kind.key()), "stock_move", id, told).await?;
    Ok(id)
}

/// A release finds what was promised; nothing else may have changed it while the order is held.
fn released(rows: u64) -> Result<()> {
    if rows == 1 { Ok(()) } else { Err(Problem::new(problem::CONFLICT)) }
}

/// What comes back is paid back at the price it was built in for.
async fn price_of_use(tx: &mut Tx, order: Uuid, part: &Part, quantity: i64) -> Result<i64> {
    let built: Vec<_> = sql::of_order(tx, order)
        .await?
        .into_iter()
        .filter(|p| p.part.id == part.id && p.quantity > 0)
        .collect();
    let whole = built.iter().find(|p| p.quantity >= quantity).or(built.first());
    Ok(whole.map_or(part.price_minor, |p| p.price_minor))
}

/// What an order was promised is free for it: at most so many.
async fn release_some(tx: &mut Tx, order: Uuid, stock: Option<Uuid>, part: Uuid, most: i64) -> Result<()> {
    for promised in sql::promised(tx, order).await? {
        if promised.part_id == part && Some(promised.from_id) == stock {
            let n = promised.quantity.min(most);
            release_row(tx, order, promised.from_id, part, n).await?;
        }
    }
    Ok(())
}

async fn release_row(tx: &mut Tx, order: Uuid, stock: Uuid, part: Uuid, n: i64) -> Result<()> {
    released(sql::release(tx, stock, part, n).await?)?;
    let row = NewMove {
        id: id::new_v7(),
        kind: StockMoveKind::Release,
        part,
        from: Some(stock),
        to: None,
        quantity: n,
        short: 0,
        price: 0,
        order: Some(order),
        reason: None,
        claimed_at: None,
        content_sha256: "",
    };
    sql::insert_move(tx, &row).await.map(drop)
}

/// An order is over: what it was promised and did not use is free again.
pub(crate) async fn release_order(tx: &mut Tx, order: Uuid) -> Result<()> {
    orders::sql::hold(tx, order).await?;
    for promised in sql::promised(tx, order).await? {
        release_row(tx, order, promised.from_id, promised.part_id, promised.quantity).await?;
    }
    Ok(())
}

/// Body of `order.part`: built in on site out of one's own van, or put back into it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Used {
    pub move_id: Uuid,
    pub order_id: Uuid,
    pub part_id: Uuid,
    pub quantity: i64,
    /// It was not built in after all.
    #[serde(default)]
    pub back: bool,
    /// What the customer was shown for one of them: he signs for that, whatever the list says when it arrives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_minor: Option<i64>,
}

/// The acting person builds a part in, or puts it back. What the van does not hold is kept as short: the use happened.
///
/// # Errors
/// `order.over` for an order that is not his; `not_found`; `sync.conflict`.
pub async fn use_up(tx: &mut Tx, used: Used, at: Micros) -> Result<()> {
    Checks::new()
        .that("quantity", (1..=10_000).contains(&used.quantity))
        .that("price_minor", used.price_minor.is_none_or(|p| (0..=MOST_PRICE).contains(&p)))
        .done()?;
    let sha256 = work::content_sha256(&used)?;
    if let Some(known) = sql::known_move(tx, used.move_id).await? {
        return if known == sha256 { Ok(()) } else { Err(Problem::new(problem::CONFLICT)) };
    }
    let me = tx.scope_actor();
    let order =
        orders::sql::of_company(tx, used.order_id).await?.ok_or_else(|| Problem::new(problem::NOT_FOUND))?;
    if order.employee_id != Some(me) && !orders::sql::was_there(tx, order.id).await? {
        return Err(Problem::new(OVER));
    }
    orders::sql::hold(tx, order.id).await?;
    let part = sql::part(tx, used.part_id).await?;
    van(tx, me).await?;
    let (kind, taken, price) = if used.back {
        let built = sql::of_order(tx, order.id).await?;
        let built: i64 = built.iter().filter(|p| p.part.id == part.id).map(|p| p.quantity).sum();
        Checks::new().that("quantity", used.quantity <= built).done()?;
        let price = price_of_use(tx, order.id, &part, used.quantity).await?;
        sql::put_in(tx, me, part.id, used.quantity).await?;
        (StockMoveKind::Return, used.quantity, price)
    } else {
        release_some(tx, order.id, Some(me), part.id, used.quantity).await?;
        let taken = take_what_is_there(tx, me, part.id, used.quantity).await?;
        (StockMoveKind::Use, taken, used.price_minor.unwrap_or(part.price_minor))
    };
    let (from, to) = if used.back { (None, Some(me)) } else { (Some(me), None) };
    let row = NewMove {
        id: used.move_id,
        kind,
        part: part.id,
        from,
        to,
        quantity: used.quantity,
        short: used.quantity - taken,
        price,
        order: Some(order.id),
        // It happened, so it is kept; but nobody signed for it.
        reason: (!order.kept().is_open()).then_some(LATE),
        claimed_at: Some(at),
        content_sha256: &sha256,
    };
    if !sql::insert_move(tx, &row).await? {
        return Err(Problem::new(problem::CONFLICT));
    }
    if taken < used.quantity {
        let params = json!({ "number": order.number, "part": part.name, "short": used.quantity - taken, "unit": part.unit, "name": order.employee_name });
        super::requests::tell_storekeepers(tx, order.department_id, "order.short", params).await?;
    }
    let told = json!({ "order": order.number, "part": part.code, "quantity": used.quantity, "short": used.quantity - taken });
    tx.audit(&format!("stock.{}", kind.key()), "stock_move", used.move_id, told).await?;
    orders::announce(tx, &order).await
}

/// Takes as many as there are, at most so many; answers how many.
async fn take_what_is_there(tx: &mut Tx, stock: Uuid, part: Uuid, want: i64) -> Result<i64> {
    for _ in 0..TRIES {
        let n = sql::free(tx, stock, part).await?.min(want);
        if n == 0 || sql::take_out(tx, stock, part, n).await? {
            return Ok(n);
        }
    }
    Err(Problem::new(problem::BUSY).retry_after(1))
}

/// A person's van; it comes into being when something is first put into it.
pub(crate) async fn van(tx: &mut Tx, person: Uuid) -> Result<Uuid> {
    let person = org::person(tx, person).await?;
    let name = format!("{} 的车", person.name);
    sql::insert_stock(tx, person.id, &name, "van", person.id, person.department_id).await?;
    sql::follow_person(tx, person.id, person.department_id).await?;
    Ok(person.id)
}
