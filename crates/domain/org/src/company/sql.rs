use base::Micros;
use db::{Query, Result, Tx, args, global_sql, sql};
use uuid::Uuid;

use super::Company;

db::row! { pub struct CompanyRow { tenant_id: Uuid, name: String, time_zone: String, goal: String, demo: bool, version: i64 } }

pub async fn company(q: &mut impl Query) -> Result<Company> {
    let row: CompanyRow = q
        .must(
            sql!("SELECT tenant_id, name, time_zone, goal, demo, version FROM tenant WHERE tenant_id = $1"),
            vec![],
        )
        .await?;
    Ok(Company {
        id: row.tenant_id,
        name: row.name,
        time_zone: row.time_zone,
        goal: row.goal,
        demo: row.demo,
        version: row.version,
    })
}

pub async fn insert(
    tx: &mut Tx,
    name: &str,
    time_zone: &str,
    goal: &str,
    demo: bool,
    now: Micros,
) -> Result<u64> {
    tx.exec(
        sql!(
            "INSERT INTO tenant (tenant_id, name, time_zone, goal, demo, basemap, settings, created_at, version) \
             VALUES ($1, $3, $4, $5, $6, '{}', '{}', $7, 1)"
        ),
        args![name, time_zone, goal, demo, now],
    )
    .await
}

pub async fn update(
    tx: &mut Tx,
    name: Option<&str>,
    time_zone: Option<&str>,
    goal: Option<&str>,
    version: i64,
) -> Result<u64> {
    tx.exec(
        sql!(
            "UPDATE tenant SET name = COALESCE($3, name), time_zone = COALESCE($4, time_zone), goal = COALESCE($6, goal), \
             version = version + 1 WHERE tenant_id = $1 AND version = $5"
        ),
        args![name, time_zone, version, goal],
    )
    .await
}

db::row! { pub struct BasemapRow { basemap: String } }

pub async fn basemap(q: &mut impl Query) -> Result<String> {
    Ok(q.must::<BasemapRow>(sql!("SELECT basemap FROM tenant WHERE tenant_id = $1"), vec![]).await?.basemap)
}

pub async fn set_basemap(tx: &mut Tx, basemap: &str) -> Result<u64> {
    tx.exec(sql!("UPDATE tenant SET basemap = $3 WHERE tenant_id = $1"), args![basemap]).await
}

/// Addresses of tiles or map files the companies of this server have set, as they are stored.
pub async fn basemaps(global: &mut db::Global) -> Result<Vec<String>> {
    let rows: Vec<BasemapRow> = global
        .all(global_sql!("SELECT DISTINCT basemap FROM tenant WHERE basemap LIKE '%://%'"), vec![])
        .await?;
    Ok(rows.into_iter().map(|r| r.basemap).collect())
}

db::row! { pub struct Counted { n: i64 } }

db::row! { pub struct Companies { n: i64, demos: i64 } }

/// How many companies there are, and how many of them are demos.
pub async fn companies(global: &mut db::Global) -> Result<(i64, i64)> {
    let rows: Vec<Companies> = global
        .all(
            global_sql!("SELECT CAST(COUNT(*) AS BIGINT) AS n, CAST(COALESCE(SUM(demo), 0) AS BIGINT) AS demos FROM tenant"),
            vec![],
        )
        .await?;
    Ok(rows.first().map_or((0, 0), |r| (r.n, r.demos)))
}

db::row! { struct Demo { tenant_id: Uuid } }

pub async fn demos(global: &mut db::Global) -> Result<Vec<Uuid>> {
    let rows: Vec<Demo> = global
        .all(global_sql!("SELECT tenant_id FROM tenant WHERE demo = 1 ORDER BY tenant_id"), vec![])
        .await?;
    Ok(rows.into_iter().map(|r| r.tenant_id).collect())
}

pub async fn companies_in(tx: &mut Tx) -> Result<i64> {
    let rows: Vec<Counted> =
        tx.global_all(global_sql!("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM tenant"), vec![]).await?;
    Ok(rows.first().map_or(0, |r| r.n))
}
