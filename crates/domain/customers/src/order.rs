//! The order customers are listed in by name.

use db::{Database, Result, Scope, Tx};
use pinyin::ToPinyin;

use crate::sql;

/// Characters of a name that order it; longer names that begin alike stand in the order of their ids.
const LONGEST: usize = 24;
/// Rows of one transaction when the order of an older store is made.
const BATCH: i64 = 500;

/// What a name is ordered by: character by character as in a Chinese dictionary, by pinyin, tone and then the character
/// itself, so that all shops of one first character stand together. What begins with a Latin letter stands before the characters
/// that are said with it; digits come before both, whatever else there is first. The key holds digits and small letters only: these every collation orders alike.
pub(crate) fn sort_key(name: &str) -> String {
    let mut key = String::new();
    for c in name.chars().flat_map(char::to_lowercase).filter(|c| !c.is_whitespace()).take(LONGEST) {
        let code = u32::from(c);
        match c.to_pinyin() {
            Some(p) => {
                // `ü` is written `v` on every keyboard. The tone ends the syllable: 5 to 8, 9 for none, so that it comes before a
                // further letter and behind the beginning of any other token.
                let said = p.plain().replace('ü', "v");
                let tone = match p.with_tone_num_end().chars().next_back() {
                    Some('1') => '5',
                    Some('2') => '6',
                    Some('3') => '7',
                    Some('4') => '8',
                    _ => '9',
                };
                key.push_str(&format!("2{said}{tone}{code:05x}"));
            }
            None if c.is_ascii_lowercase() => key.extend(['2', c]),
            None if c.is_ascii_digit() => key.extend(['1', c]),
            None => key.push_str(&format!("0{code:05x}")),
        }
    }
    key
}

/// Orders what a version without this order has written. Called when the program starts, before anybody is answered.
///
/// # Errors
/// When the store cannot be read or written.
pub async fn complete(db: &Database) -> Result<()> {
    for tenant in db.companies().await? {
        let scope = Scope::job("customer order", tenant);
        while db.write(&scope, |tx| Box::pin(some(tx))).await? > 0 {}
    }
    Ok(())
}

/// A batch of them; answers how many.
async fn some(tx: &mut Tx) -> Result<usize> {
    let rows = sql::unordered(tx, BATCH).await?;
    for row in &rows {
        // A name of nothing but spaces would never be done.
        let key = Some(sort_key(&row.name)).filter(|k| !k.is_empty()).unwrap_or_else(|| "0".into());
        sql::set_order(tx, row.id, &key).await?;
    }
    Ok(rows.len())
}

#[cfg(test)]
mod tests {
    use super::sort_key;

    #[test]
    fn names_stand_as_in_a_dictionary() {
        let mut names = [
            "章华便利",
            "张三食品",
            "张二食品",
            "重百超市",
            "阿里小店",
            "A8 店",
            "7-11",
            "（旧）老店",
            "绿地",
            "鲁班",
            "西安",
            "鲜",
        ];
        names.sort_by_key(|name| sort_key(name));
        assert_eq!(
            names,
            [
                "（旧）老店",
                "7-11",
                "A8 店",
                "阿里小店",
                "鲁班",
                "绿地",
                "西安",
                "鲜",
                "张二食品",
                "张三食品",
                "章华便利",
                "重百超市"
            ]
        );
    }

    #[test]
    fn a_key_is_letters_and_digits_whatever_the_name() {
        for name in ["张三", "ÄÖ İstanbul", "🙂店", "\u{0}\u{7f}", "女人街", "𠀀"] {
            assert!(sort_key(name).bytes().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase()), "{name}");
        }
        assert_eq!(sort_key(" 张 三 "), sort_key("张三"));
        assert_eq!(sort_key(""), "");
    }
}
