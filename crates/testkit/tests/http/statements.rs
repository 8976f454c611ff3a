//! Every declared statement is prepared on both engines, in each of its forms; and none of them leaves the
//! tenant out.

use db::{Kind, Reach, registered, tenant_tables};

testkit::both!(every_statement_prepares, |app| async move {
    let statements = registered();
    assert!(statements.len() > 80, "the registry is linked in: {}", statements.len());
    let mut faults = vec![];
    for statement in statements {
        for reach in [Reach::Own, Reach::Departments, Reach::Company] {
            if let Err(e) = app.kit.db.prepare(statement.for_reach(reach)).await {
                faults.push(format!("{} {reach:?}: {e}", statement.place));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
});

#[test]
fn scoped_statements_name_the_tenant_and_global_ones_no_tenant_table() {
    let tables = tenant_tables();
    assert!(tables.contains(&"customer".to_owned()) && !tables.contains(&"session".to_owned()));
    for statement in registered() {
        let text = statement.text.to_lowercase();
        match statement.kind {
            Kind::Scoped => {
                assert!(text.contains("$1"), "{} does not bind the tenant: {text}", statement.place)
            }
            Kind::Global => {
                let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
                for pair in words.windows(2).filter(|p| matches!(p[0], "from" | "join" | "into" | "update")) {
                    assert!(
                        !tables.contains(&pair[1].to_owned()),
                        "{} reads {} without a scope",
                        statement.place,
                        pair[1]
                    );
                }
            }
        }
    }
}
