use std::collections::HashMap;

use base::Micros;
use db::{Query, Result, Tx, args, sql};
use org::Ref;
use uuid::Uuid;

use super::model::{OrderPart, Part, PartRequest, Stock, StockLine, StockMove, StockMoveKind};

db::row! { struct PartRow { id: Uuid, code: String, name: String, unit: String, price: i64, active: bool, version: i64 } }

impl From<PartRow> for Part {
    fn from(r: PartRow) -> Part {
        Part {
            id: r.id,
            code: r.code,
            name: r.name,
            unit: r.unit,
            price_minor: r.price,
            active: r.active,
            version: r.version,
        }
    }
}

macro_rules! parts {
    ($tail:literal) => {
        sql!(concat!("SELECT p.id, p.code, p.name, p.unit, p.price, p.active, p.version FROM part p WHERE p.tenant_id = $1 ", $tail))
    };
}

/// Parts by number.
pub async fn list(
    q: &mut impl Query,
    text: Option<&str>,
    after: Option<String>,
    limit: i64,
) -> Result<Vec<Part>> {
    let like = text.map(|t| format!("%{}%", t.trim().to_lowercase().replace(['%', '_'], "")));
    let rows: Vec<PartRow> = q
        .all(
            parts!("AND ($3 IS NULL OR p.search LIKE $3) AND ($4 IS NULL OR p.code > $4) ORDER BY p.code LIMIT $5"),
            args![like, after, limit],
        )
        .await?;
    Ok(rows.into_iter().map(Part::from).collect())
}

/// Parts in use, for phones.
pub async fn active(q: &mut impl Query) -> Result<Vec<Part>> {
    let rows: Vec<PartRow> = q.all(parts!("AND p.active = 1 ORDER BY p.code LIMIT 500"), vec![]).await?;
    Ok(rows.into_iter().map(Part::from).collect())
}

pub async fn part(q: &mut impl Query, id: Uuid) -> Result<Part> {
    let row: PartRow = q.must(parts!("AND p.id = $3"), args![id]).await?;
    Ok(row.into())
}

pub async fn with_code(q: &mut impl Query, code: &str) -> Result<Option<Part>> {
    let row: Option<PartRow> = q.one(parts!("AND p.code = $3"), args![code]).await?;
    Ok(row.map(Part::from))
}

/// What is written of a part.
pub struct Written<'a> {
    pub code: &'a str,
    pub name: &'a str,
    pub unit: &'a str,
    pub price: i64,
    pub active: bool,
    pub search: &'a str,
}

/// False when the id is taken.
pub async fn insert_part(tx: &mut Tx, id: Uuid, w: &Written<'_>) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO part (tenant_id, id, code, name, unit, price, active, search, created_at, version) \
                 VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, 1) ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![id, w.code, w.name, w.unit, w.price, w.active, w.search, now],
        )
        .await?;
    Ok(rows == 1)
}

pub async fn update_part(tx: &mut Tx, id: Uuid, version: i64, w: &Written<'_>) -> Result<bool> {
    let rows = tx
        .exec(
            sql!(
                "UPDATE part SET code = $5, name = $6, unit = $7, price = $8, active = $9, search = $10, version = version + 1 \
                 WHERE tenant_id = $1 AND id = $3 AND version = $4"
            ),
            args![id, version, w.code, w.name, w.unit, w.price, w.active, w.search],
        )
        .await?;
    Ok(rows == 1)
}

db::row! { struct StockRow { id: Uuid, name: String, kind: String, employee_id: Uuid, employee_name: String } }

macro_rules! stocks {
    ($tail:literal) => {
        sql!(concat!(
            "SELECT s.id, s.name, s.kind, s.employee_id, e.name AS employee_name FROM stock s \
             JOIN employee e ON e.tenant_id = s.tenant_id AND e.id = s.employee_id WHERE s.tenant_id = $1 ",
            $tail
        ))
    };
}

fn shown(r: StockRow, lines: Vec<StockLine>) -> Stock {
    Stock {
        id: r.id,
        name: r.name,
        kind: r.kind,
        employee: Ref { id: r.employee_id, name: r.employee_name },
        lines,
    }
}

/// Stocks in reach, stores first, with what lies in them.
pub async fn stocks(q: &mut impl Query) -> Result<Vec<Stock>> {
    let rows: Vec<StockRow> =
        q.all(stocks!("AND {reach:s} ORDER BY CASE WHEN s.kind = 'store' THEN 0 ELSE 1 END, s.created_at, s.id LIMIT 500"), vec![]).await?;
    // All lines at once: a company has hundreds of vans.
    let found: Vec<LineOfStockRow> = q
        .all(
            sql!(
                "SELECT l.stock_id, l.part_id, p.name, p.code, p.unit, l.quantity, l.reserved FROM stock s \
                 JOIN stock_line l ON l.tenant_id = s.tenant_id AND l.stock_id = s.id \
                 JOIN part p ON p.tenant_id = l.tenant_id AND p.id = l.part_id \
                 WHERE s.tenant_id = $1 AND {reach:s} AND (l.quantity > 0 OR l.reserved > 0) ORDER BY p.code"
            ),
            vec![],
        )
        .await?;
    let mut lines: HashMap<Uuid, Vec<StockLine>> = HashMap::new();
    for r in found {
        lines.entry(r.stock_id).or_default().push(StockLine {
            part: Ref { id: r.part_id, name: r.name },
            code: r.code,
            unit: r.unit,
            quantity: r.quantity,
            reserved: r.reserved,
        });
    }
    Ok(rows
        .into_iter()
        .map(|row| (lines.remove(&row.id).unwrap_or_default(), row))
        .map(|(l, row)| shown(row, l))
        .collect())
}

/// A stock in reach, without its lines.
pub async fn stock(q: &mut impl Query, id: Uuid) -> Result<Stock> {
    let row: StockRow = q.must(stocks!("AND s.id = $3 AND {reach:s}"), args![id]).await?;
    Ok(shown(row, vec![]))
}

/// False when the id is taken.
pub async fn insert_stock(
    tx: &mut Tx,
    id: Uuid,
    name: &str,
    kind: &str,
    employee: Uuid,
    department: Uuid,
) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO stock (tenant_id, id, name, kind, employee_id, department_id, created_at) VALUES ($1, $3, $4, $5, $6, $7, $8) \
                 ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![id, name, kind, employee, department, now],
        )
        .await?;
    Ok(rows == 1)
}

/// A van goes with its person to another department.
pub async fn follow_person(tx: &mut Tx, person: Uuid, department: Uuid) -> Result<u64> {
    tx.exec(
        sql!(
            "UPDATE stock SET department_id = $4 WHERE tenant_id = $1 AND id = $3 AND kind = 'van' AND department_id <> $4"
        ),
        args![person, department],
    )
    .await
}

db::row! { struct LineOfStockRow {
    stock_id: Uuid, part_id: Uuid, name: String, code: String, unit: String, quantity: i64, reserved: i64
} }

db::row! { struct LineRow { part_id: Uuid, name: String, code: String, unit: String, quantity: i64, reserved: i64 } }

/// What lies in a stock. The caller has checked the stock.
pub async fn lines(q: &mut impl Query, stock: Uuid) -> Result<Vec<StockLine>> {
    let rows: Vec<LineRow> = q
        .all(
            sql!(
                "SELECT l.part_id, p.name, p.code, p.unit, l.quantity, l.reserved FROM stock_line l \
                 JOIN part p ON p.tenant_id = l.tenant_id AND p.id = l.part_id \
                 WHERE l.tenant_id = $1 AND l.stock_id = $3 AND (l.quantity > 0 OR l.reserved > 0) ORDER BY p.code LIMIT 1000"
            ),
            args![stock],
        )
        .await?;
    let line = |r: LineRow| StockLine {
        part: Ref { id: r.part_id, name: r.name },
        code: r.code,
        unit: r.unit,
        quantity: r.quantity,
        reserved: r.reserved,
    };
    Ok(rows.into_iter().map(line).collect())
}

db::row! { struct Amount { quantity: i64, reserved: i64 } }

/// Quantity of a part in a stock that is promised to nobody.
pub async fn free(q: &mut impl Query, stock: Uuid, part: Uuid) -> Result<i64> {
    let row: Option<Amount> = q
        .one(
            sql!("SELECT quantity, reserved FROM stock_line WHERE tenant_id = $1 AND stock_id = $3 AND part_id = $4"),
            args![stock, part],
        )
        .await?;
    Ok(row.map_or(0, |r| (r.quantity - r.reserved).max(0)))
}

pub async fn put_in(tx: &mut Tx, stock: Uuid, part: Uuid, quantity: i64) -> Result<u64> {
    tx.exec(
        sql!(
            "INSERT INTO stock_line (tenant_id, stock_id, part_id, quantity, reserved) VALUES ($1, $3, $4, $5, 0) \
             ON CONFLICT (tenant_id, stock_id, part_id) DO UPDATE SET quantity = stock_line.quantity + excluded.quantity"
        ),
        args![stock, part, quantity],
    )
    .await
}

/// False when less than that is promised to nobody. One statement, so that nobody takes what another has taken.
pub async fn take_out(tx: &mut Tx, stock: Uuid, part: Uuid, quantity: i64) -> Result<bool> {
    let rows = tx
        .exec(
            sql!(
                "UPDATE stock_line SET quantity = quantity - $5 WHERE tenant_id = $1 AND stock_id = $3 AND part_id = $4 \
                 AND quantity - reserved >= $5"
            ),
            args![stock, part, quantity],
        )
        .await?;
    Ok(rows == 1)
}

/// Promises so many; false when there are fewer.
pub async fn reserve(tx: &mut Tx, stock: Uuid, part: Uuid, quantity: i64) -> Result<bool> {
    let rows = tx
        .exec(
            sql!(
                "UPDATE stock_line SET reserved = reserved + $5 WHERE tenant_id = $1 AND stock_id = $3 AND part_id = $4 \
                 AND quantity - reserved >= $5"
            ),
            args![stock, part, quantity],
        )
        .await?;
    Ok(rows == 1)
}

pub async fn release(tx: &mut Tx, stock: Uuid, part: Uuid, quantity: i64) -> Result<u64> {
    tx.exec(
        sql!(
            "UPDATE stock_line SET reserved = reserved - $5 WHERE tenant_id = $1 AND stock_id = $3 AND part_id = $4 AND reserved >= $5"
        ),
        args![stock, part, quantity],
    )
    .await
}

db::row! { pub struct Promised { from_id: Uuid, part_id: Uuid, quantity: i64 } }

/// What is still promised to an order.
pub async fn promised(q: &mut impl Query, order: Uuid) -> Result<Vec<Promised>> {
    q.all(
        sql!(
            "SELECT m.from_id, m.part_id, CAST(SUM(CASE WHEN m.kind = 'reserve' THEN m.quantity ELSE -m.quantity END) AS BIGINT) AS quantity \
             FROM stock_move m WHERE m.tenant_id = $1 AND m.order_id = $3 AND m.kind IN ('reserve', 'release') \
             GROUP BY m.from_id, m.part_id \
             HAVING SUM(CASE WHEN m.kind = 'reserve' THEN m.quantity ELSE -m.quantity END) > 0"
        ),
        args![order],
    )
    .await
}

pub struct NewMove<'a> {
    pub id: Uuid,
    pub kind: StockMoveKind,
    pub part: Uuid,
    pub from: Option<Uuid>,
    pub to: Option<Uuid>,
    pub quantity: i64,
    pub short: i64,
    pub price: i64,
    pub order: Option<Uuid>,
    pub reason: Option<&'a str>,
    pub claimed_at: Option<Micros>,
    pub content_sha256: &'a str,
}

/// False when the id is taken.
pub async fn insert_move(tx: &mut Tx, m: &NewMove<'_>) -> Result<bool> {
    let (now, me) = (tx.now(), Some(tx.scope_actor()).filter(|id| !id.is_nil()));
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO stock_move (tenant_id, id, kind, part_id, from_id, to_id, quantity, short, price, order_id, reason, employee_id, \
                 claimed_at, at, content_sha256) VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) \
                 ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![
                m.id, m.kind.key(), m.part, m.from, m.to, m.quantity, m.short, m.price, m.order, m.reason, me, m.claimed_at, now,
                m.content_sha256
            ],
        )
        .await?;
    Ok(rows == 1)
}

db::row! { struct Known { content_sha256: String } }

/// What a move with this id said.
pub async fn known_move(q: &mut impl Query, id: Uuid) -> Result<Option<String>> {
    let row: Option<Known> = q
        .one(sql!("SELECT content_sha256 FROM stock_move WHERE tenant_id = $1 AND id = $3"), args![id])
        .await?;
    Ok(row.map(|r| r.content_sha256))
}

db::row! { struct MoveRow {
    id: Uuid, kind: String, part_id: Uuid, part_name: String, unit: String, from_id: Option<Uuid>, from_name: Option<String>,
    to_id: Option<Uuid>, to_name: Option<String>, quantity: i64, short: i64, order_id: Option<Uuid>, order_number: Option<String>,
    reason: Option<String>, employee_id: Option<Uuid>, employee_name: Option<String>, at: Micros
} }

/// Moves that touch a stock in reach, newest first.
pub async fn moves(
    q: &mut impl Query,
    stock: Option<Uuid>,
    part: Option<Uuid>,
    before: Option<(i64, Uuid)>,
    limit: i64,
) -> Result<Vec<StockMove>> {
    let (at, id) = before.unzip();
    let rows: Vec<MoveRow> = q
        .all(
            sql!(
                "SELECT m.id, m.kind, m.part_id, p.name AS part_name, p.unit, m.from_id, s.name AS from_name, m.to_id, t.name AS to_name, \
                 m.quantity, m.short, m.order_id, w.number AS order_number, m.reason, m.employee_id, e.name AS employee_name, m.at \
                 FROM stock_move m JOIN part p ON p.tenant_id = m.tenant_id AND p.id = m.part_id \
                 LEFT JOIN stock s ON s.tenant_id = m.tenant_id AND s.id = m.from_id \
                 LEFT JOIN stock t ON t.tenant_id = m.tenant_id AND t.id = m.to_id \
                 LEFT JOIN work_order w ON w.tenant_id = m.tenant_id AND w.id = m.order_id \
                 LEFT JOIN employee e ON e.tenant_id = m.tenant_id AND e.id = m.employee_id \
                 WHERE m.tenant_id = $1 AND ((s.id IS NOT NULL AND {reach:s}) OR (t.id IS NOT NULL AND {reach:t})) \
                 AND ($3 IS NULL OR m.from_id = $3 OR m.to_id = $3) AND ($4 IS NULL OR m.part_id = $4) \
                 AND ($5 IS NULL OR m.at < $5 OR (m.at = $5 AND m.id < $6)) ORDER BY m.at DESC, m.id DESC LIMIT $7"
            ),
            args![stock, part, at, id, limit],
        )
        .await?;
    let named = |id: Option<Uuid>, name: Option<String>| id.zip(name).map(|(id, name)| Ref { id, name });
    let shown = |r: MoveRow| StockMove {
        id: r.id,
        kind: StockMoveKind::from_key(&r.kind),
        part: Ref { id: r.part_id, name: r.part_name },
        unit: r.unit,
        from: named(r.from_id, r.from_name),
        to: named(r.to_id, r.to_name),
        quantity: r.quantity,
        short: r.short,
        order: named(r.order_id, r.order_number),
        reason: r.reason,
        by: named(r.employee_id, r.employee_name),
        at: r.at,
    };
    Ok(rows.into_iter().map(shown).collect())
}

db::row! { struct OrderPartRow { part_id: Uuid, name: String, code: String, unit: String, quantity: i64, short: i64, price: i64 } }

/// Parts built in at an order, less what came back. The caller has checked the order.
pub async fn of_order(q: &mut impl Query, order: Uuid) -> Result<Vec<OrderPart>> {
    let rows: Vec<OrderPartRow> = q
        .all(
            sql!(
                "SELECT m.part_id, p.name, p.code, p.unit, CAST(SUM(CASE WHEN m.kind = 'use' THEN m.quantity ELSE -m.quantity END) AS BIGINT) AS quantity, \
                 CAST(SUM(m.short) AS BIGINT) AS short, m.price FROM stock_move m \
                 JOIN part p ON p.tenant_id = m.tenant_id AND p.id = m.part_id \
                 WHERE m.tenant_id = $1 AND m.order_id = $3 AND m.kind IN ('use', 'return') \
                 GROUP BY m.part_id, p.name, p.code, p.unit, m.price \
                 HAVING SUM(CASE WHEN m.kind = 'use' THEN m.quantity ELSE -m.quantity END) <> 0 ORDER BY p.code"
            ),
            args![order],
        )
        .await?;
    let shown = |r: OrderPartRow| OrderPart {
        part: Ref { id: r.part_id, name: r.name },
        code: r.code,
        unit: r.unit,
        quantity: r.quantity,
        short: r.short,
        price_minor: r.price,
        minor: r.price.saturating_mul(r.quantity),
    };
    Ok(rows.into_iter().map(shown).collect())
}

db::row! { pub struct RequestRow {
    id: Uuid, part_id: Uuid, part_name: String, code: String, unit: String, quantity: i64, order_id: Option<Uuid>, order_number: Option<String>,
    note: Option<String>, employee_id: Uuid, employee_name: String, status: String, content_sha256: String, created_at: Micros
} }

macro_rules! requests {
    ($tail:literal) => {
        sql!(concat!(
            "SELECT r.id, r.part_id, p.name AS part_name, p.code, p.unit, r.quantity, r.order_id, w.number AS order_number, r.note, \
             r.employee_id, e.name AS employee_name, r.status, r.content_sha256, r.created_at FROM part_request r \
             JOIN part p ON p.tenant_id = r.tenant_id AND p.id = r.part_id \
             JOIN employee e ON e.tenant_id = r.tenant_id AND e.id = r.employee_id \
             LEFT JOIN work_order w ON w.tenant_id = r.tenant_id AND w.id = r.order_id WHERE r.tenant_id = $1 ",
            $tail
        ))
    };
}

impl From<RequestRow> for PartRequest {
    fn from(r: RequestRow) -> PartRequest {
        PartRequest {
            id: r.id,
            part: Ref { id: r.part_id, name: r.part_name },
            code: r.code,
            unit: r.unit,
            quantity: r.quantity,
            order: r.order_id.zip(r.order_number).map(|(id, name)| Ref { id, name }),
            note: r.note,
            employee: Ref { id: r.employee_id, name: r.employee_name },
            status: r.status,
            created_at: r.created_at,
        }
    }
}

/// Requests in reach of a state, oldest first.
pub async fn requests(q: &mut impl Query, status: &str) -> Result<Vec<PartRequest>> {
    let rows: Vec<RequestRow> = q
        .all(
            requests!("AND r.status = $3 AND {reach:r} ORDER BY r.created_at, r.id LIMIT 200"),
            args![status],
        )
        .await?;
    Ok(rows.into_iter().map(PartRequest::from).collect())
}

/// Requests of an order. The caller has checked the order.
pub async fn requests_of_order(q: &mut impl Query, order: Uuid) -> Result<Vec<PartRequest>> {
    let rows: Vec<RequestRow> =
        q.all(requests!("AND r.order_id = $3 ORDER BY r.created_at, r.id"), args![order]).await?;
    Ok(rows.into_iter().map(PartRequest::from).collect())
}

/// A request in reach.
pub async fn request(q: &mut impl Query, id: Uuid) -> Result<RequestRow> {
    q.must(requests!("AND r.id = $3 AND {reach:r}"), args![id]).await
}

/// A request of the company by id.
pub async fn known_request(q: &mut impl Query, id: Uuid) -> Result<Option<RequestRow>> {
    q.one(requests!("AND r.id = $3"), args![id]).await
}

pub struct NewRequest<'a> {
    pub id: Uuid,
    pub part: Uuid,
    pub quantity: i64,
    pub order: Option<Uuid>,
    pub note: Option<&'a str>,
    pub department: Uuid,
    pub content_sha256: &'a str,
}

/// False when the id is taken.
pub async fn insert_request(tx: &mut Tx, r: &NewRequest<'_>) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO part_request (tenant_id, id, part_id, quantity, order_id, note, employee_id, department_id, status, \
                 content_sha256, created_at, changed_at) VALUES ($1, $3, $4, $5, $6, $7, $2, $8, 'open', $9, $10, $10) \
                 ON CONFLICT (tenant_id, id) DO NOTHING"
            ),
            args![r.id, r.part, r.quantity, r.order, r.note, r.department, r.content_sha256, now],
        )
        .await?;
    Ok(rows == 1)
}

/// Ends an open request; false when it is over already.
pub async fn end_request(tx: &mut Tx, id: Uuid, status: &str, by_move: Option<Uuid>) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "UPDATE part_request SET status = $4, move_id = $5, changed_at = $6 WHERE tenant_id = $1 AND id = $3 AND status = 'open'"
            ),
            args![id, status, by_move, now],
        )
        .await?;
    Ok(rows == 1)
}

/// What an erased person said of parts he asked for, and his name on his van.
pub async fn erase(tx: &mut Tx, person: Uuid) -> Result<u64> {
    tx.exec(
        sql!("UPDATE part_request SET note = NULL WHERE tenant_id = $1 AND employee_id = $3"),
        args![person],
    )
    .await?;
    tx.exec(
        sql!("UPDATE stock SET name = '—' WHERE tenant_id = $1 AND id = $3 AND kind = 'van'"),
        args![person],
    )
    .await
}
