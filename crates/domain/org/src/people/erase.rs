//! Erasing who a person was: name, number, phone, sign-in. His row stays as the nameless end of references from work records.

use base::{Problem, problem};
use db::{Result, Tx, args, global_sql, sql};
use serde_json::json;
use uuid::Uuid;

use super::sql::employee;

base::problems! {
    /// Only somebody who has left can be erased.
    STILL_ACTIVE = 409 "person.still_active",
        zh "此人还在职" / "请先办理离职，再抹除个人数据。",
        en "Still with the company" / "Mark the person as having left first, then erase the personal data.";
    /// The name that was typed to confirm is another one.
    NAME_DIFFERS = 422 "person.name_differs",
        zh "姓名不一致" / "请输入要抹除的人的完整姓名来确认。",
        en "The name differs" / "Type the full name of the person to confirm.";
}

/// What an erased person is called.
fn nameless(id: Uuid) -> String {
    let text = id.simple().to_string();
    format!("已抹除 {}", &text[text.len() - 6..])
}

/// Takes name, number, phone, post, home and sign-in from a person who has left. `name` is what the acting person typed to confirm.
///
/// # Errors
/// `not_found`, `person.still_active`, `person.name_differs`.
pub async fn erase_person(tx: &mut Tx, id: Uuid, name: &str) -> Result<()> {
    let person = employee(tx, id).await?;
    if person.name.trim() != name.trim() || id == tx.scope_actor() {
        return Err(Problem::new(NAME_DIFFERS).field("name", problem::BAD_VALUE));
    }
    if person.status != "left" {
        return Err(Problem::new(STILL_ACTIVE));
    }
    let name = nameless(id);
    tx.exec(
        sql!(
            "UPDATE employee SET name = $4, status = 'erased', pinyin = '', code = NULL, phone = NULL, post = NULL, start_lng = NULL, start_lat = NULL, \
             lang = NULL, consent_version = NULL, consent_at = NULL, version = version + 1 WHERE tenant_id = $1 AND id = $3"
        ),
        args![id, &name],
    )
    .await?;
    tx.exec(sql!("DELETE FROM department_manager WHERE tenant_id = $1 AND employee_id = $3"), args![id])
        .await?;
    tx.exec(sql!("DELETE FROM department_reach WHERE tenant_id = $1 AND employee_id = $3"), args![id])
        .await?;
    crate::day::clear(tx, id).await?;
    crate::view::erase(tx, id).await?;
    custom::erase(tx, custom::Noun::Employee, id).await?;
    tx.exec(sql!("DELETE FROM import WHERE tenant_id = $1 AND employee_id = $3"), args![id]).await?;
    tx.exec(sql!("UPDATE duty_entry SET note = NULL WHERE tenant_id = $1 AND employee_id = $3"), args![id])
        .await?;
    let tenant = tx.tenant();
    tx.global_exec(
        global_sql!("DELETE FROM session WHERE tenant_id = $1 AND employee_id = $2"),
        args![tenant, id],
    )
    .await?;
    tx.global_exec(
        global_sql!("DELETE FROM credential WHERE tenant_id = $1 AND employee_id = $2"),
        args![tenant, id],
    )
    .await?;
    // the trail says that it was done, and not who it was
    tx.audit("person.erase", "employee", id, json!({ "now": name })).await
}
