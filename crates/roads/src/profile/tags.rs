//! The tags of an OSM element.

/// Key and value pairs; few enough that a scan is the fastest look-up.
#[derive(Debug, Clone, Default)]
pub struct Tags<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Tags<'a> {
    pub fn get(&self, key: &str) -> Option<&'a str> {
        self.0.iter().find(|(k, _)| *k == key).map(|(_, v)| *v)
    }

    pub fn is(&self, key: &str, value: &str) -> bool {
        self.get(key) == Some(value)
    }

    /// The value of the most special key that is set; keys from special to general.
    pub fn first(&self, keys: &[&str]) -> Option<&'a str> {
        keys.iter().find_map(|k| self.get(k))
    }

    /// The same along and against the direction, where `key:forward` and `key:backward` go before `key`.
    pub fn by_direction(&self, keys: &[&str]) -> (Option<&'a str>, Option<&'a str>) {
        let side =
            |suffix: &str| keys.iter().find_map(|k| self.get(&format!("{k}:{suffix}")).or(self.get(k)));
        (side("forward"), side("backward"))
    }

    pub fn iter(&self) -> impl Iterator<Item = (&'a str, &'a str)> + '_ {
        self.0.iter().copied()
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for Tags<'a> {
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a str)>>(pairs: I) -> Tags<'a> {
        Tags(pairs.into_iter().collect())
    }
}

/// The number a value begins with.
pub fn number(value: &str) -> Option<f64> {
    let end = value.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(value.len());
    value[..end].parse().ok()
}

/// A length in metres; understands `2.5`, `2.5 m` and `8'2"`. `None` for words.
pub fn metres(value: &str) -> Option<f64> {
    let Some((feet, inches)) = value.split_once('\'') else { return number(value) };
    Some((number(feet.trim())? * 12.0 + number(inches.trim()).unwrap_or(0.0)) * 0.0254)
}

/// A crossing time in seconds: `12` (minutes), `0:20`, `01:20:00`, `PT20M`.
pub fn duration_s(value: &str) -> Option<f64> {
    if let Some(iso) = value.strip_prefix("PT") {
        let mut total = 0.0;
        let mut rest = iso;
        while let Some(n) = rest.find(|c: char| c.is_ascii_alphabetic()) {
            let unit = match &rest[n..=n] {
                "H" => 3600.0,
                "M" => 60.0,
                "S" => 1.0,
                _ => return None,
            };
            total += rest[..n].parse::<f64>().ok()? * unit;
            rest = &rest[n + 1..];
        }
        return (total > 0.0).then_some(total);
    }
    let parts: Vec<f64> = value.split(':').map(|p| p.trim().parse().ok()).collect::<Option<_>>()?;
    let seconds = match parts[..] {
        [minutes] => minutes * 60.0,
        [hours, minutes] => hours * 3600.0 + minutes * 60.0,
        [hours, minutes, seconds] => hours * 3600.0 + minutes * 60.0 + seconds,
        _ => return None,
    };
    (seconds > 0.0).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_as_people_write_them() {
        assert_eq!(number("50 mph"), Some(50.0));
        assert_eq!(number("walk"), None);
        assert_eq!(metres("2.2 m"), Some(2.2));
        assert!((metres("7'6\"").unwrap() - 2.286).abs() < 1e-9);
        assert_eq!(metres("default"), None);
        assert_eq!(duration_s("00:10"), Some(600.0));
        assert_eq!(duration_s("12"), Some(720.0));
        assert_eq!(duration_s("PT1H30M"), Some(5400.0));
        assert_eq!(duration_s("soon"), None);
    }

    #[test]
    fn the_side_goes_before_the_whole() {
        let tags: Tags = [("maxspeed", "50"), ("maxspeed:backward", "30")].into_iter().collect();
        assert_eq!(tags.by_direction(&["maxspeed"]), (Some("50"), Some("30")));
    }
}
