//! Customers from a sheet. A row whose code is known updates that customer; a row that looks like a known one
//! (same name, or within 30 m) is shown as a likely duplicate and taken over unless those are left out.

use std::collections::{HashMap, HashSet};

use base::{id, problem};
use custom::{Fields, Noun};
use db::{BoxFuture, Permission, Result, Tx};
use geo::{LngLat, distance_m};
use org::{
    Ref,
    import::{Checked, Committed, Field, ImportKind, Sheet},
};
use serde_json::Map;
use uuid::Uuid;

use crate::{
    OpeningHours, Whom, area, class,
    contact::{self, NewContact},
    http::to_wgs84,
    owner::{self, Cause},
    sql,
    sql::{KnownRow, Written},
    whom::{self, split_names},
};

const FIELDS: &[Field] = &[
    Field {
        key: "name",
        zh: "客户名称",
        en: "Customer",
        required: true,
        also: &["名称", "客户", "门店名称", "name"],
        example: "惠万家超市（珠江路店）",
    },
    Field {
        key: "code",
        zh: "客户编号",
        en: "Code",
        required: false,
        also: &["编号", "customer code"],
        example: "K-0001",
    },
    Field { key: "grade", zh: "等级", en: "Grade", required: false, also: &["客户等级"], example: "A" },
    Field {
        key: "class",
        zh: "分类",
        en: "Class",
        required: false,
        also: &["客户分类", "类型"],
        example: "门店",
    },
    Field { key: "tags", zh: "标签", en: "Tags", required: false, also: &[], example: "连锁、冰柜" },
    Field {
        key: "address",
        zh: "地址",
        en: "Address",
        required: false,
        also: &["详细地址"],
        example: "珠江路 88 号",
    },
    Field {
        key: "lng",
        zh: "经度",
        en: "Longitude",
        required: false,
        also: &["lon", "lng", "x"],
        example: "118.790000",
    },
    Field {
        key: "lat",
        zh: "纬度",
        en: "Latitude",
        required: false,
        also: &["lat", "y"],
        example: "32.050000",
    },
    Field {
        key: "owner",
        zh: "负责人",
        en: "Owner",
        required: false,
        also: &["业务员", "负责人姓名"],
        example: "张伟",
    },
    Field {
        key: "contact",
        zh: "联系人",
        en: "Contact",
        required: false,
        also: &["联系人姓名"],
        example: "王店长",
    },
    Field {
        key: "phone",
        zh: "联系电话",
        en: "Phone",
        required: false,
        also: &["电话", "手机"],
        example: "13800002207",
    },
    Field {
        key: "hours",
        zh: "营业时间",
        en: "Opening hours",
        required: false,
        also: &["开门时间", "hours"],
        example: "1-5 09:00-12:00,13:30-18:00; 6 10:00-16:00",
    },
    Field {
        key: "preferred",
        zh: "优先人员",
        en: "Preferred person",
        required: false,
        also: &["优先派", "preferred"],
        example: "李娜",
    },
    Field {
        key: "barred",
        zh: "不派人员",
        en: "Barred people",
        required: false,
        also: &["不派", "barred"],
        example: "王强、赵敏",
    },
    Field { key: "note", zh: "备注", en: "Note", required: false, also: &[], example: "" },
];

inventory::submit! { ImportKind { key: "customers", permission: Permission::CustomerWrite, fields: FIELDS, own: Some(Noun::Customer), check, prepare: None, commit } }

/// Position of a row: `None` when empty, `Some(None)` when it is no place.
fn position(sheet: &Sheet, row: usize) -> Option<Option<LngLat>> {
    let (lng, lat) = (sheet.text(row, "lng"), sheet.text(row, "lat"));
    if lng.is_none() && lat.is_none() {
        return None;
    }
    let parse = |t: Option<&str>| t.and_then(|t| t.parse::<f64>().ok());
    Some(
        parse(lng)
            .zip(parse(lat))
            .and_then(|(lng, lat)| to_wgs84([lng, lat], Some(&sheet.datum)))
            .filter(|p| p.e7() != (0, 0)),
    )
}

fn tags(text: &str) -> Vec<String> {
    text.split(['、', ',', '，', ';', '；', '/'])
        .map(str::trim)
        .filter(|t| !t.is_empty())
        .map(str::to_owned)
        .collect()
}

fn place_of(k: &KnownRow) -> Option<LngLat> {
    LngLat::from_e7(k.lng?, k.lat?).ok()
}

fn check<'a>(tx: &'a mut Tx, sheet: &'a Sheet) -> BoxFuture<'a, Result<Checked>> {
    Box::pin(async move {
        let classes: HashSet<String> = class::classes(tx).await?.into_iter().map(|c| c.name).collect();
        let owners: HashSet<String> = org::people(tx).await?.into_iter().map(|p| p.name).collect();
        let grades = crate::grades(tx).await?;
        let known = sql::known(tx).await?;
        let by_name: HashMap<&str, &KnownRow> = known.iter().map(|k| (k.name.as_str(), k)).collect();
        let codes: HashMap<&str, Uuid> =
            known.iter().filter_map(|k| Some((k.code.as_deref()?, k.id))).collect();
        // Neighbours by cells of about 100 m, so that a large import does not compare each with each.
        let cell = |p: LngLat| ((p.lng() * 1000.0).floor() as i64, (p.lat() * 1000.0).floor() as i64);
        let mut near: HashMap<(i64, i64), Vec<(LngLat, &KnownRow)>> = HashMap::new();
        for k in &known {
            if let Some(p) = place_of(k) {
                near.entry(cell(p)).or_default().push((p, k));
            }
        }
        let fields = Fields::in_force(tx, Noun::Customer).await?;
        let today = crate::http::today(tx).await?;
        let mut seen = HashSet::new();
        let mut checked = Checked::default();
        for row in 0..sheet.rows.len() {
            let name = sheet.cell(row, "name");
            if name.chars().count() > 80 {
                checked.fault(row, "name", problem::TOO_LONG);
            }
            if sheet.text(row, "grade").is_some_and(|g| grades.meant(g).is_none()) {
                checked.fault(row, "grade", problem::BAD_VALUE);
            }
            if sheet.text(row, "class").is_some_and(|c| !classes.contains(c)) {
                checked.fault(row, "class", db::REFERENCE);
            }
            if sheet.text(row, "owner").is_some_and(|o| !owners.contains(o)) {
                checked.fault(row, "owner", crate::OWNER);
            }
            let (preferred, barred) = (sheet.text(row, "preferred"), split_names(sheet.cell(row, "barred")));
            if preferred.is_some_and(|p| !owners.contains(p)) {
                checked.fault(row, "preferred", crate::OWNER);
            }
            if barred.iter().any(|b| !owners.contains(*b)) {
                checked.fault(row, "barred", crate::OWNER);
            } else if barred.len() > whom::MOST {
                checked.fault(row, "barred", problem::TOO_LONG);
            } else if barred.iter().any(|b| preferred == Some(b) || sheet.text(row, "owner") == Some(b)) {
                checked.fault(row, "barred", crate::BARRED);
            }
            if sheet.cell(row, "address").chars().count() > 200 {
                checked.fault(row, "address", problem::TOO_LONG);
            }
            if sheet.text(row, "hours").is_some_and(|t| OpeningHours::read(t).is_none()) {
                checked.fault(row, "hours", crate::HOURS);
            }
            if !fields.is_empty() {
                // Judged against what stands, as the taking over does; a new one owes the rest.
                let known = sheet.text(row, "code").and_then(|c| codes.get(c)).copied();
                let stood = match known {
                    Some(id) => custom::of(tx, Noun::Customer, id).await?,
                    None => Map::new(),
                };
                let given = fields.answers_in(|key| sheet.own(row, key));
                if let Err(refused) = fields.accept(&stood, &given, &today, known.is_none()) {
                    checked.refused(row, refused);
                }
            }
            let at = position(sheet, row);
            if at == Some(None) {
                checked.fault(row, "lng", problem::BAD_VALUE);
            }
            match sheet.text(row, "code") {
                Some(code) if code.chars().count() > 40 => checked.fault(row, "code", problem::TOO_LONG),
                Some(code) if !seen.insert(code.to_owned()) => {
                    checked.fault(row, "code", problem::DUPLICATE_VALUE)
                }
                Some(code) if codes.contains_key(code) => {}
                _ => {
                    let twin = by_name.get(name).copied().or_else(|| {
                        let p = at.flatten()?;
                        let (x, y) = cell(p);
                        let around = (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (x + dx, y + dy)));
                        around
                            .filter_map(|c| near.get(&c))
                            .flatten()
                            .find(|(q, _)| distance_m(p, *q) < 30.0)
                            .map(|(_, k)| *k)
                    });
                    if let Some(twin) = twin {
                        checked.duplicates.push((row, Ref { id: twin.id, name: twin.name.clone() }));
                    }
                }
            }
        }
        Ok(checked)
    })
}

fn commit<'a>(tx: &'a mut Tx, sheet: &'a Sheet, ready: Vec<usize>) -> BoxFuture<'a, Result<Committed>> {
    Box::pin(async move {
        let classes: HashMap<String, Uuid> =
            class::classes(tx).await?.into_iter().map(|c| (c.name, c.id)).collect();
        let fallback = class::default_class(tx).await?;
        let grades = crate::grades(tx).await?;
        let owners: HashMap<String, org::Person> =
            org::people(tx).await?.into_iter().map(|p| (p.name.clone(), p)).collect();
        let by_code: HashMap<String, Uuid> =
            sql::known(tx).await?.into_iter().filter_map(|k| Some((k.code?, k.id))).collect();
        let fields = Fields::in_force(tx, Noun::Customer).await?;
        let today = crate::http::today(tx).await?;
        let actor = tx.scope_actor();
        let home = org::by_ids(tx, &[actor]).await?.first().map(|p| p.department_id);
        let mut done = Committed::default();
        for row in ready {
            let owned = |field| sheet.text(row, field).map(str::to_owned);
            let owner = sheet.text(row, "owner").and_then(|o| owners.get(o));
            let Some(department_id) = owner.map(|o| o.department_id).or(home) else {
                done.skipped += 1;
                continue;
            };
            let known = sheet.text(row, "code").and_then(|c| by_code.get(c)).copied();
            let place = position(sheet, row).flatten();
            // Only what lies in reach may be overwritten.
            let before = match known {
                Some(id) => Some(sql::customer(tx, id).await?),
                None => None,
            };
            let id_of = |name: &str| owners.get(name).map(|p| p.id);
            let stood = before.as_ref().map(|b| b.whom.ids()).unwrap_or_default();
            let mut barred: Vec<Uuid> = match sheet.text(row, "barred") {
                Some(text) => split_names(text).into_iter().filter_map(id_of).collect(),
                None => stood.barred_ids,
            };
            let preferred_id = match sheet.text(row, "preferred") {
                Some(name) => id_of(name),
                None => stood.preferred_id,
            };
            barred.sort_unstable();
            barred.dedup();
            // What the sheet says newly of one holds against what stood of the other.
            barred.retain(|b| Some(*b) != preferred_id && owner.is_none_or(|o| o.id != *b));
            let answered = before.as_ref().map(|b| b.custom.clone()).unwrap_or_default();
            let given = fields.answers_in(|key| sheet.own(row, key));
            let kept = fields.accept(&answered, &given, &today, before.is_none())?;
            let standing = before.as_ref().and_then(|b| b.territory.as_ref()).map(|t| t.id);
            let written = Written {
                id: known.unwrap_or_else(id::new_v7),
                code: owned("code"),
                name: sheet.cell(row, "name").to_owned(),
                grade: sheet.text(row, "grade").and_then(|g| grades.meant(g)).map(str::to_owned),
                class_id: sheet.text(row, "class").and_then(|c| classes.get(c)).copied().unwrap_or(fallback),
                tags: tags(sheet.cell(row, "tags")),
                address: owned("address"),
                at: place,
                radius_m: None,
                owner_id: owner.map(|o| o.id),
                department_id,
                territory_id: area::after_move(tx, standing, department_id, place).await?,
                status: "active".into(),
                note: owned("note"),
                // A sheet that says nothing of them, as older ones do, leaves them.
                hours: match sheet.text(row, "hours") {
                    Some(text) => OpeningHours::read(text).unwrap_or_default(),
                    None => before.as_ref().map(|b| b.hours.clone()).unwrap_or_default(),
                },
                whom: Whom { preferred_id, barred_ids: barred },
                custom: kept,
            };
            match &before {
                Some(before) => {
                    sql::update(tx, &written, before.version).await?;
                    owner::note(tx, before, written.owner_id, department_id, Cause::Imported).await?;
                    done.updated += 1;
                }
                None => {
                    let now = tx.now();
                    sql::insert(tx, &written, now).await?;
                    owner::begin(tx, written.id, written.owner_id, department_id, Cause::Imported).await?;
                    done.created += 1;
                }
            }
            if let (None, Some(name)) = (known, owned("contact")) {
                let contact = NewContact {
                    name: name.chars().take(40).collect(),
                    title: None,
                    phone: owned("phone"),
                    primary: true,
                };
                contact::insert(tx, written.id, &contact).await?;
            }
        }
        Ok(done)
    })
}
