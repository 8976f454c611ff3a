//! On PostgreSQL sealed days lie in parts by month, which come before they are needed and go when they are empty.

use sqlx::{Connection, Executor, PgConnection, Row};
use testkit::{App, On};

use crate::{
    report::{drive, send},
    tracking::{at, rep},
};

async fn texts(c: &mut PgConnection, text: &'static str) -> Vec<String> {
    c.fetch_all(text).await.unwrap().iter().map(|r| r.get(0)).collect()
}

/// Names of the parts, without the table's.
async fn parts(c: &mut PgConnection) -> Vec<String> {
    texts(
        c,
        "SELECT substr(inhrelid::regclass::text, 13) FROM pg_inherits WHERE inhparent = 'fix_segment'::regclass ORDER BY 1",
    )
    .await
}

#[tokio::test]
async fn sealed_days_lie_in_months_that_come_and_go() {
    let app = App::start(On::Postgres).await;
    let company = app.company("甲").await;
    let (id, client) = rep(&app, &company, "张伟", "zhangwei", company.root_department).await;
    let (points, _) = drive();
    app.clock.set(at(21, 0));
    send(&client, &points).await;
    let tracking = tracking::Tracking::start(&app.kit.db);
    app.clock.set(at(24 + 9, 0));
    assert!(tracking.seal_due(company.id).await.unwrap() >= 1);
    let played = company.admin.get(&format!("/api/v1/tracks/{id}/2026-11-20")).await.json;
    assert!(played["points"].as_array().unwrap().len() > 50, "played back from its part");

    let mut c = PgConnection::connect(app.database_url().unwrap()).await.unwrap();
    assert_eq!(parts(&mut c).await, ["2026_10", "2026_11", "2026_12", "2027_01", "rest"]);
    let all = "SELECT tableoid::regclass::text FROM fix_segment ORDER BY day";
    assert_eq!(texts(&mut c, all).await, [""; 0], "rows of a company are there for it alone");
    assert_eq!(texts(&mut c, "SELECT day::text FROM fix_segment_2026_11").await, [""; 0], "in the part too");
    sqlx::query("SELECT set_config('app.tenant', $1, false)")
        .bind(company.id.to_string())
        .execute(&mut c)
        .await
        .unwrap();
    assert_eq!(texts(&mut c, all).await, ["fix_segment_2026_11"]);

    // a day whose month has no part waits in the rest and moves when the part is made
    sqlx::query(
        "INSERT INTO fix_segment SELECT tenant_id, employee_id, 20270511, revision, sealed_at, received_to, fixes FROM fix_segment",
    )
    .execute(&mut c)
    .await
    .unwrap();
    assert_eq!(texts(&mut c, all).await, ["fix_segment_2026_11", "fix_segment_rest"]);
    app.clock.set(at(24 * 140, 0));
    app.kit.db.keep_parts().await.unwrap();
    assert_eq!(texts(&mut c, all).await, ["fix_segment_2026_11", "fix_segment_2027_05"]);
    let now = ["2026_11", "2027_03", "2027_04", "2027_05", "2027_06", "rest"];
    assert_eq!(parts(&mut c).await, now, "empty ones of long ago are gone, a full one is not");
    app.kit.db.keep_parts().await.unwrap();
    assert_eq!(parts(&mut c).await, now);

    // what deletes a person's days empties the part; it goes once the store has cleaned up
    c.execute("DELETE FROM fix_segment WHERE day < 20270101").await.unwrap();
    app.kit.db.keep_parts().await.unwrap();
    assert_eq!(parts(&mut c).await, now);
    c.execute("VACUUM fix_segment_2026_11").await.unwrap();
    app.kit.db.keep_parts().await.unwrap();
    assert_eq!(parts(&mut c).await, now[1..]);
}
