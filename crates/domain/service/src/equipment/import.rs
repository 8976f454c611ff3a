//! Equipment from a sheet. A row whose number is known changes that piece; others are added.

use std::collections::{HashMap, HashSet};

use base::{LocalDay, problem};
use custom::{Fields, Noun};
use db::{BoxFuture, Permission, Query, Result, Tx};
use org::import::{Checked, Committed, Field, ImportKind, Sheet};
use serde_json::Map;
use uuid::Uuid;

use super::{
    EquipmentStatus, kinds, sql,
    store::{self, NewEquipment},
};
use crate::{KIND_RETIRED, PARENT};

const fn field(
    key: &'static str,
    zh: &'static str,
    en: &'static str,
    also: &'static [&'static str],
    example: &'static str,
) -> Field {
    Field { key, zh, en, required: false, also, example }
}

const FIELDS: &[Field] = &[
    Field {
        key: "name",
        zh: "设备名称",
        en: "Equipment",
        required: true,
        also: &["名称", "name"],
        example: "立式冰柜",
    },
    Field {
        key: "customer",
        zh: "客户",
        en: "Customer",
        required: true,
        also: &["客户名称", "客户编号"],
        example: "苏福便利",
    },
    field("kind", "设备类型", "Type", &["类型", "类别", "设备类别"], "冰柜"),
    field("code", "设备编号", "Number", &["编号", "code"], "SB-000001"),
    field("model", "型号", "Model", &["规格型号"], "SC-320"),
    field("serial", "序列号", "Serial number", &["sn", "出厂编号"], "SN20240518"),
    field("place", "安装位置", "Place", &["位置"], "收银台旁"),
    field("installed_on", "安装日期", "Installed on", &["投用日期"], "2025-03-01"),
    field("warranty_until", "保修到期", "Warranty until", &["质保到期"], "2027-02-28"),
    field("note", "备注", "Note", &[], ""),
];

inventory::submit! { ImportKind { key: "equipment", permission: Permission::OrderWrite, fields: FIELDS, own: Some(Noun::Equipment), check, prepare: None, commit } }

/// Customers by number and by name; a name that several have names none.
async fn customers(q: &mut impl Query) -> Result<HashMap<String, Option<Uuid>>> {
    let mut found: HashMap<String, Option<Uuid>> = HashMap::new();
    for row in sql::customer_keys(q).await? {
        found.entry(row.name).and_modify(|known| *known = None).or_insert(Some(row.id));
        if let Some(code) = row.code {
            found.insert(code, Some(row.id));
        }
    }
    Ok(found)
}

fn day(sheet: &Sheet, row: usize, field: &str) -> Option<std::result::Result<LocalDay, &'static str>> {
    sheet.text(row, field).map(|t| t.get(..10).unwrap_or(t).replace('/', "-").parse())
}

fn piece(sheet: &Sheet, row: usize, customer: Uuid, around: &Around) -> NewEquipment {
    let text = |field| sheet.text(row, field).map(str::to_owned);
    let date = |field| day(sheet, row, field).and_then(std::result::Result::ok);
    NewEquipment {
        id: None,
        code: text("code"),
        name: sheet.cell(row, "name").to_owned(),
        model: text("model"),
        serial: text("serial"),
        customer_id: customer,
        parent_id: None,
        place: text("place"),
        installed_on: date("installed_on"),
        warranty_until: date("warranty_until"),
        status: None,
        note: text("note"),
        type_id: Some(sheet.text(row, "kind").and_then(|k| around.kinds.get(k)).map(|(id, _)| *id)),
        custom: around.fields.answers_in(|key| sheet.own(row, key)),
    }
}

/// What rows are read with.
struct Around {
    customers: HashMap<String, Option<Uuid>>,
    /// By name: the id, and whether it may be chosen.
    kinds: HashMap<String, (Uuid, bool)>,
    fields: Fields,
}

async fn around(tx: &mut Tx) -> Result<Around> {
    Ok(Around {
        customers: customers(tx).await?,
        kinds: kinds::by_name(tx).await?,
        fields: Fields::in_force(tx, Noun::Equipment).await?,
    })
}

/// What has no column in a sheet stays as it is; an empty cell of a column that is there clears.
fn keep_absent(sheet: &Sheet, new: &mut NewEquipment, known: &sql::EquipmentRow) {
    let absent = |field: &str| sheet.mapping.get(field).copied().flatten().is_none();
    let kept = [
        ("model", &mut new.model, &known.model),
        ("serial", &mut new.serial, &known.serial),
        ("place", &mut new.place, &known.place),
        ("note", &mut new.note, &known.note),
    ];
    for (field, now, before) in kept {
        if absent(field) {
            now.clone_from(before);
        }
    }
    if absent("kind") {
        new.type_id = None;
    }
    if absent("installed_on") {
        new.installed_on = known.installed_on;
    }
    if absent("warranty_until") {
        new.warranty_until = known.warranty_until;
    }
}

fn check<'a>(tx: &'a mut Tx, sheet: &'a Sheet) -> BoxFuture<'a, Result<Checked>> {
    Box::pin(async move {
        let around = around(tx).await?;
        let today = store::today(tx).await?;
        let (mut checked, mut codes) = (Checked::default(), HashSet::new());
        for row in 0..sheet.rows.len() {
            let known = around.customers.get(sheet.cell(row, "customer")).copied().flatten();
            match known {
                None => checked.fault(row, "customer", db::REFERENCE),
                Some(customer) => {
                    if let Err(problem) = piece(sheet, row, customer, &around).check() {
                        problem.fields.into_iter().for_each(|f| checked.fault(row, f.field, f.code));
                    }
                }
            }
            for date in ["installed_on", "warranty_until"] {
                if day(sheet, row, date).is_some_and(|d| d.is_err()) {
                    checked.fault(row, date, problem::BAD_VALUE);
                }
            }
            let there = match sheet.text(row, "code") {
                Some(code) => sql::with_code(tx, code).await?,
                None => None,
            };
            match sheet.text(row, "kind").map(|k| around.kinds.get(k)) {
                Some(None) => checked.fault(row, "kind", db::REFERENCE),
                // One that is retired stays where it is.
                Some(Some((kind, false))) if there.as_ref().and_then(|p| p.type_id) != Some(*kind) => {
                    checked.fault(row, "kind", KIND_RETIRED);
                }
                _ => {}
            }
            // Judged against what stands, as the taking over does.
            let stood = match &there {
                Some(there) => custom::of(tx, Noun::Equipment, there.id).await?,
                None => Map::new(),
            };
            let given = around.fields.answers_in(|key| sheet.own(row, key));
            if let Err(refused) = around.fields.accept(&stood, &given, &today, there.is_none()) {
                checked.refused(row, refused);
            }
            // What the taking over would refuse is told here, with its row.
            if let Some(there) = there {
                match sql::one(tx, there.id).await {
                    Err(p) if p.code == problem::NOT_FOUND => {
                        checked.fault(row, "code", problem::DUPLICATE_VALUE)
                    }
                    Err(p) => return Err(p),
                    Ok(_) => {
                        let moves = known.is_some_and(|customer| customer != there.customer_id);
                        if moves && !sql::children(tx, there.id).await?.is_empty() {
                            checked.fault(row, "customer", PARENT);
                        }
                    }
                }
            }
            if sheet.text(row, "code").is_some_and(|code| !codes.insert(code.to_owned())) {
                checked.fault(row, "code", problem::DUPLICATE_VALUE);
            }
        }
        Ok(checked)
    })
}

fn commit<'a>(tx: &'a mut Tx, sheet: &'a Sheet, ready: Vec<usize>) -> BoxFuture<'a, Result<Committed>> {
    Box::pin(async move {
        let around = around(tx).await?;
        let mut done = Committed::default();
        for row in ready {
            let Some(customer) = around.customers.get(sheet.cell(row, "customer")).copied().flatten() else {
                done.skipped += 1;
                continue;
            };
            let mut new = piece(sheet, row, customer, &around);
            let known = match new.code.as_deref() {
                Some(code) => sql::with_code(tx, code).await?,
                None => None,
            };
            match known {
                Some(known) => {
                    // A sheet says nothing of these.
                    new.parent_id = known.parent_id.filter(|_| known.customer_id == customer);
                    new.status = Some(EquipmentStatus::from_key(&known.status));
                    keep_absent(sheet, &mut new, &known);
                    store::change(tx, known.id, known.version, new).await?;
                    done.updated += 1;
                }
                None => {
                    store::add(tx, new).await?;
                    done.created += 1;
                }
            }
        }
        Ok(done)
    })
}
