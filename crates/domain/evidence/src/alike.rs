//! Photos that look like photos of earlier visits: every photo is kept by its likeness ([`picture::Print`]) and compared, in the
//! darkroom, with what shares a band with it. Over the whole company, whoever took them.

use base::{Micros, Problem};
use db::{Database, Query, Result, Scope, Tx, args, sql};
use picture::{Likeness, Look, Print};
use uuid::Uuid;

/// Bands asked for in one statement.
const ASKED: usize = 40;
/// Photos laid on each other, those that share most bands first.
const MOST: usize = 200;
/// Photos under one band looked at, the newest first: a band that everything shares says nothing.
const A_BAND: i64 = 400;

/// A photo beside an earlier one it looks like.
#[derive(Debug, Clone)]
pub struct Alike {
    pub photo_id: Uuid,
    pub earlier_id: Uuid,
    pub earlier_visit: Uuid,
    pub earlier_customer: Uuid,
    pub earlier_at: Micros,
    /// 0 to 1.
    pub likeness: f64,
    pub mirrored: bool,
    /// How much of a side one of them lacks, 0 to 1.
    pub cropped: f64,
}

db::row! { struct PlaceRow { visit_id: Uuid, employee_id: Uuid, noted_at: Micros } }

/// Whose photo it is; `None` for a picture that belongs to no visit.
async fn place(q: &mut impl Query, photo: Uuid) -> Result<Option<PlaceRow>> {
    q.one(
        sql!("SELECT f.visit_id, f.employee_id, f.noted_at FROM visit_photo f WHERE f.tenant_id = $1 AND f.id = $3"),
        args![photo],
    )
    .await
}

db::row! { struct BandRow { photo_id: Uuid } }

/// Photos kept under any of forty bands.
async fn under(q: &mut impl Query, bands: &[i64]) -> Result<Vec<Uuid>> {
    let mut args: Vec<db::Val> = bands.iter().map(|b| db::Val::from(*b)).collect();
    // A statement has a fixed number of places; no band is negative.
    args.resize(ASKED, db::Val::from(-1_i64));
    args.push(db::Val::from(A_BAND));
    let rows: Vec<BandRow> = q
        .all(
            sql!(
                "SELECT b.photo_id FROM photo_band b WHERE b.tenant_id = $1 AND b.band IN ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12, \
                 $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, \
                 $37, $38, $39, $40, $41, $42) ORDER BY b.photo_id DESC LIMIT $43"
            ),
            args,
        )
        .await?;
    Ok(rows.into_iter().map(|r| r.photo_id).collect())
}

db::row! { struct PrintRow { visit_id: Uuid, cells: Vec<u8>, noted_at: Micros } }

async fn print_of(q: &mut impl Query, photo: Uuid) -> Result<Option<PrintRow>> {
    q.one(
        sql!(
            "SELECT p.visit_id, p.cells, f.noted_at FROM photo_print p \
             JOIN visit_photo f ON f.tenant_id = p.tenant_id AND f.id = p.photo_id WHERE p.tenant_id = $1 AND p.photo_id = $3"
        ),
        args![photo],
    )
    .await
}

/// Another photo, where it lies, and how alike it is.
struct Match {
    photo: Uuid,
    visit: Uuid,
    noted_at: Micros,
    likeness: Likeness,
}

/// Keeps a developed photo by its likeness and notes what it resembles. Answers whether there is any.
pub(crate) async fn compare(db: &Database, tenant: Uuid, photo: Uuid, look: Look) -> Result<bool> {
    let scope = Scope::job("darkroom", tenant);
    let mut r = db.read(&scope).await?;
    let Some(own) = place(&mut r, photo).await? else { return Ok(false) };
    let mut shared: std::collections::HashMap<Uuid, usize> = std::collections::HashMap::new();
    for bands in look.probes().chunks(ASKED) {
        for other in under(&mut r, bands).await? {
            *shared.entry(other).or_default() += 1;
        }
    }
    let mut near: Vec<(Uuid, usize)> = shared.into_iter().filter(|(id, _)| *id != photo).collect();
    near.sort_by_key(|(id, bands)| (std::cmp::Reverse(*bands), *id));
    near.truncate(MOST);
    let mut kept = vec![];
    for (id, _) in near {
        let Some(row) = print_of(&mut r, id).await?.filter(|row| row.visit_id != own.visit_id) else {
            continue;
        };
        if let Some(print) = Print::from_bytes(row.cells) {
            kept.push((id, row.visit_id, row.noted_at, print));
        }
    }
    drop(r);
    let laid = move || {
        let found: Vec<Match> = kept
            .into_iter()
            .filter_map(|(photo, visit, noted_at, print)| {
                look.compare(&print).map(|likeness| Match { photo, visit, noted_at, likeness })
            })
            .collect();
        (look.print(), found)
    };
    let (print, found) = tokio::task::spawn_blocking(laid).await.map_err(Problem::internal)?;
    let any = !found.is_empty();
    db.write(&scope, move |tx| Box::pin(async move { keep(tx, photo, &own, &print, &found).await })).await?;
    Ok(any)
}

async fn keep(tx: &mut Tx, photo: Uuid, own: &PlaceRow, print: &Print, found: &[Match]) -> Result<()> {
    let now = tx.now();
    let new = tx
        .exec(
            sql!(
                "INSERT INTO photo_print (tenant_id, photo_id, visit_id, employee_id, cells, made_at) VALUES ($1, $3, $4, $5, $6, $7) \
                 ON CONFLICT (tenant_id, photo_id) DO NOTHING"
            ),
            args![photo, own.visit_id, own.employee_id, print.bytes(), now],
        )
        .await?;
    if new == 1 {
        for band in print.bands() {
            let insert = sql!(
                "INSERT INTO photo_band (tenant_id, band, photo_id) VALUES ($1, $3, $4) ON CONFLICT DO NOTHING"
            );
            tx.exec(insert, args![band, photo]).await?;
        }
    }
    for m in found {
        // The later of the two is the one that needs a word.
        let later = (own.noted_at, photo) > (m.noted_at, m.photo);
        let (later, earlier) = match later {
            true => ((photo, own.visit_id), (m.photo, m.visit)),
            false => ((m.photo, m.visit), (photo, own.visit_id)),
        };
        let thousandths = |v: f64| (v * 1000.0).round() as i64;
        tx.exec(
            sql!(
                "INSERT INTO photo_pair (tenant_id, photo_id, earlier_id, visit_id, earlier_visit, likeness, mirrored, cropped, found_at, examined) \
                 VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, 0) ON CONFLICT (tenant_id, photo_id, earlier_id) DO NOTHING"
            ),
            args![
                later.0, earlier.0, later.1, earlier.1, thousandths(m.likeness.value), m.likeness.mirrored,
                thousandths(m.likeness.cropped.max(0.0)), now
            ],
        )
        .await?;
    }
    Ok(())
}

db::row! { struct PairRow {
    photo_id: Uuid, earlier_id: Uuid, earlier_visit: Uuid, earlier_customer: Uuid, earlier_at: Micros, likeness: i64, mirrored: bool, cropped: i64
} }

/// Photos of a visit that look like earlier ones, most alike first. Whatever the reach: the caller has checked, or is a job.
///
/// # Errors
/// When the store cannot be read.
pub async fn alike(q: &mut impl Query, visit: Uuid) -> Result<Vec<Alike>> {
    let rows: Vec<PairRow> = q
        .all(
            sql!(
                "SELECT p.photo_id, p.earlier_id, p.earlier_visit, v.customer_id AS earlier_customer, f.taken_at AS earlier_at, p.likeness, \
                 p.mirrored, p.cropped FROM photo_pair p JOIN visit_photo f ON f.tenant_id = p.tenant_id AND f.id = p.earlier_id \
                 JOIN visit v ON v.tenant_id = p.tenant_id AND v.id = p.earlier_visit \
                 WHERE p.tenant_id = $1 AND p.visit_id = $3 ORDER BY p.likeness DESC, p.earlier_id LIMIT 20"
            ),
            args![visit],
        )
        .await?;
    let thousand = |v: i64| v as f64 / 1000.0;
    let shown = |p: PairRow| Alike {
        photo_id: p.photo_id,
        earlier_id: p.earlier_id,
        earlier_visit: p.earlier_visit,
        earlier_customer: p.earlier_customer,
        earlier_at: p.earlier_at,
        likeness: thousand(p.likeness),
        mirrored: p.mirrored,
        cropped: thousand(p.cropped),
    };
    Ok(rows.into_iter().map(shown).collect())
}

db::row! { struct VisitRow { visit_id: Uuid } }

/// Visits with a likeness that was not looked at yet.
///
/// # Errors
/// When the store cannot be read.
pub async fn newly_alike(q: &mut impl Query, limit: i64) -> Result<Vec<Uuid>> {
    let rows: Vec<VisitRow> = q
        .all(
            sql!("SELECT DISTINCT visit_id FROM photo_pair WHERE tenant_id = $1 AND examined = 0 LIMIT $3"),
            args![limit],
        )
        .await?;
    Ok(rows.into_iter().map(|r| r.visit_id).collect())
}

/// The likenesses of a visit are being looked at.
///
/// # Errors
/// When the store cannot be written.
pub async fn alike_examined(tx: &mut Tx, visit: Uuid) -> Result<u64> {
    tx.exec(sql!("UPDATE photo_pair SET examined = 1 WHERE tenant_id = $1 AND visit_id = $3"), args![visit])
        .await
}

/// Forgets a person's photos by their likeness.
pub(crate) async fn erase(tx: &mut Tx, person: Uuid) -> Result<()> {
    tx.exec(
        sql!(
            "DELETE FROM photo_pair WHERE tenant_id = $1 AND (photo_id IN (SELECT p.photo_id FROM photo_print p WHERE p.tenant_id = $1 \
             AND p.employee_id = $3) OR earlier_id IN (SELECT p.photo_id FROM photo_print p WHERE p.tenant_id = $1 AND p.employee_id = $3))"
        ),
        args![person],
    )
    .await?;
    tx.exec(
        sql!(
            "DELETE FROM photo_band WHERE tenant_id = $1 AND photo_id IN (SELECT p.photo_id FROM photo_print p WHERE p.tenant_id = $1 AND p.employee_id = $3)"
        ),
        args![person],
    )
    .await?;
    tx.exec(sql!("DELETE FROM photo_print WHERE tenant_id = $1 AND employee_id = $3"), args![person]).await?;
    Ok(())
}
