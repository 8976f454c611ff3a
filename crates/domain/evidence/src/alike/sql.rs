use base::Micros;
use db::{Query, Result, Tx, args, sql};
use uuid::Uuid;

/// Bands asked for in one statement.
pub const ASKED: usize = 40;
/// Photos under one band looked at, the newest first: a band that everything shares says nothing.
const A_BAND: i64 = 400;

db::row! { pub struct PlaceRow {
    visit_id: Uuid, employee_id: Uuid, taken_at: Micros, noted_at: Micros, not_before: Option<Micros>, not_after: Option<Micros>,
    visit_from: Micros
} }

/// Whose photo it is and when it was taken; `None` for a picture that belongs to no visit.
pub async fn place(q: &mut impl Query, photo: Uuid) -> Result<Option<PlaceRow>> {
    q.one(
        sql!(
            "SELECT f.visit_id, f.employee_id, f.taken_at, f.noted_at, f.not_before, f.not_after, v.not_before AS visit_from \
             FROM visit_photo f JOIN visit v ON v.tenant_id = f.tenant_id AND v.id = f.visit_id WHERE f.tenant_id = $1 AND f.id = $3"
        ),
        args![photo],
    )
    .await
}

db::row! { struct BandRow { photo_id: Uuid } }

macro_rules! a_band {
    ($band:literal) => {
        concat!(
            "SELECT b.photo_id FROM (SELECT photo_id FROM photo_band WHERE tenant_id = $1 AND band = ",
            $band,
            " ORDER BY photo_id DESC LIMIT $43) b"
        )
    };
}

macro_rules! any_band {
    ($first:literal $(, $more:literal)*) => { concat!(a_band!($first) $(, " UNION ALL ", a_band!($more))*) };
}

/// Photos kept under each of forty bands, once for every band they share.
pub async fn under(q: &mut impl Query, bands: &[i64]) -> Result<Vec<Uuid>> {
    let mut args: Vec<db::Val> = bands.iter().map(|b| db::Val::from(*b)).collect();
    // A statement has a fixed number of places; no band is negative.
    args.resize(ASKED, db::Val::from(-1_i64));
    args.push(db::Val::from(A_BAND));
    let rows: Vec<BandRow> = q
        .all(
            sql!(any_band!(
                "$3", "$4", "$5", "$6", "$7", "$8", "$9", "$10", "$11", "$12", "$13", "$14", "$15", "$16",
                "$17", "$18", "$19", "$20", "$21", "$22", "$23", "$24", "$25", "$26", "$27", "$28", "$29",
                "$30", "$31", "$32", "$33", "$34", "$35", "$36", "$37", "$38", "$39", "$40", "$41", "$42"
            )),
            args,
        )
        .await?;
    Ok(rows.into_iter().map(|r| r.photo_id).collect())
}

db::row! { struct PrintRow { cells: Vec<u8> } }

/// What a photo is compared by.
pub async fn cells(q: &mut impl Query, photo: Uuid) -> Result<Option<Vec<u8>>> {
    let row: Option<PrintRow> = q
        .one(
            sql!("SELECT p.cells FROM photo_print p WHERE p.tenant_id = $1 AND p.photo_id = $3"),
            args![photo],
        )
        .await?;
    Ok(row.map(|r| r.cells))
}

/// False when the photo is kept by its likeness already.
pub async fn insert_print(
    tx: &mut Tx,
    photo: Uuid,
    visit: Uuid,
    employee: Uuid,
    cells: &[u8],
) -> Result<bool> {
    let now = tx.now();
    let rows = tx
        .exec(
            sql!(
                "INSERT INTO photo_print (tenant_id, photo_id, visit_id, employee_id, cells, made_at) VALUES ($1, $3, $4, $5, $6, $7) \
                 ON CONFLICT (tenant_id, photo_id) DO NOTHING"
            ),
            args![photo, visit, employee, cells, now],
        )
        .await?;
    Ok(rows == 1)
}

pub async fn insert_band(tx: &mut Tx, band: i64, photo: Uuid) -> Result<u64> {
    tx.exec(
        sql!("INSERT INTO photo_band (tenant_id, band, photo_id) VALUES ($1, $3, $4) ON CONFLICT DO NOTHING"),
        args![band, photo],
    )
    .await
}

/// Two photos that are alike, the one taken later first. Thousandths.
pub struct NewPair {
    pub photo_id: Uuid,
    pub earlier_id: Uuid,
    pub visit_id: Uuid,
    pub earlier_visit: Uuid,
    pub likeness: i64,
    pub mirrored: bool,
    pub cropped: i64,
}

pub async fn insert_pair(tx: &mut Tx, p: &NewPair) -> Result<u64> {
    let now = tx.now();
    tx.exec(
        sql!(
            "INSERT INTO photo_pair (tenant_id, photo_id, earlier_id, visit_id, earlier_visit, likeness, mirrored, cropped, found_at, examined) \
             VALUES ($1, $3, $4, $5, $6, $7, $8, $9, $10, 0) ON CONFLICT (tenant_id, photo_id, earlier_id) DO NOTHING"
        ),
        args![p.photo_id, p.earlier_id, p.visit_id, p.earlier_visit, p.likeness, p.mirrored, p.cropped, now],
    )
    .await
}

db::row! { pub struct PairRow {
    photo_id: Uuid, earlier_id: Uuid, earlier_visit: Uuid, earlier_customer: Uuid, earlier_at: Micros, likeness: i64, mirrored: bool, cropped: i64
} }

/// Photos of a visit that look like earlier ones, most alike first.
pub async fn pairs(q: &mut impl Query, visit: Uuid) -> Result<Vec<PairRow>> {
    q.all(
        sql!(
            "SELECT p.photo_id, p.earlier_id, p.earlier_visit, v.customer_id AS earlier_customer, f.taken_at AS earlier_at, p.likeness, \
             p.mirrored, p.cropped FROM photo_pair p JOIN visit_photo f ON f.tenant_id = p.tenant_id AND f.id = p.earlier_id \
             JOIN visit v ON v.tenant_id = p.tenant_id AND v.id = p.earlier_visit \
             WHERE p.tenant_id = $1 AND p.visit_id = $3 ORDER BY p.likeness DESC, p.earlier_id LIMIT 20"
        ),
        args![visit],
    )
    .await
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
pub async fn erase(tx: &mut Tx, person: Uuid) -> Result<()> {
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
