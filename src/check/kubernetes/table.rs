//! Owns reading the table of Kubernetes' types: which kinds there are, and which fields of which shapes.
//!
//! It checks nothing. `table.py` writes the table and says how it is laid out.

use std::cell::OnceCell;
use std::ops::RangeInclusive;

const TEXT: &str = include_str!("table.txt");

/// The minor versions of Kubernetes 1 in which something exists.
pub(super) type Minors = RangeInclusive<u32>;

/// The types of every minor version that the table covers.
pub(super) struct Table {
    /// The minor versions that the table covers.
    pub(super) covers: Minors,
    kinds: Vec<Kind>,
    /// The lines of each type, the first being its name.
    blocks: Vec<&'static str>,
    types: Vec<OnceCell<Struct>>,
}

/// A kind in one version of its API.
pub(super) struct Kind {
    /// `apps/v1`.
    pub(super) api: &'static str,
    /// `Deployment`.
    pub(super) name: &'static str,
    /// The number of its type.
    pub(super) of_type: usize,
    /// When it is served.
    pub(super) minors: Minors,
}

/// A type with fields.
pub(super) struct Struct {
    /// `core.v1.Container`.
    pub(super) name: &'static str,
    /// By name.
    fields: Vec<Field>,
}

/// A field of a type.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) required: bool,
    pub(super) shape: Shape,
    /// No two items of the list agree in all of these.
    pub(super) keys: Vec<&'static str>,
    /// When it exists.
    pub(super) minors: Minors,
}

/// What a field may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Any,
    Object,
    Text,
    Bool,
    Int32,
    Int64,
    Double,
    Bytes,
    Time,
    Quantity,
    IntOrText,
    /// The number of the type.
    Struct(usize),
    List(Box<Shape>),
    Map(Box<Shape>),
}

impl Table {
    /// Finds where each type stands; their fields are read when they are asked for.
    pub(super) fn new() -> Self {
        let (head, types) = TEXT.split_once("\n@").expect("the table holds types");
        let mut lines = head.lines();
        let covers = words(lines.next().expect("the table starts with versions"));
        let covers = number(covers[1])..=number(covers[2]);
        let kinds = lines.map(|line| kind(line, &covers)).collect();
        let blocks: Vec<&str> = types.split("\n@").collect();
        let types = blocks.iter().map(|_| OnceCell::new()).collect();
        Self {
            covers,
            kinds,
            blocks,
            types,
        }
    }

    /// The kinds of that name, in all versions of their APIs.
    pub(super) fn kinds<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Kind> {
        self.kinds.iter().filter(move |kind| kind.name == name)
    }

    /// Every kind there is.
    pub(super) fn all_kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// The type of that name, for tests of the rules.
    #[cfg(test)]
    pub(super) fn named(&self, name: &str) -> Option<&Struct> {
        let number = (0..self.blocks.len()).find(|number| self.get(*number).name == name)?;
        Some(self.get(number))
    }

    /// The type of that number.
    pub(super) fn get(&self, number: usize) -> &Struct {
        self.types[number].get_or_init(|| {
            let (name, fields) = self.blocks[number]
                .split_once('\n')
                .unwrap_or((self.blocks[number], ""));
            Struct {
                name,
                fields: fields.lines().map(|line| field(line, &self.covers)).collect(),
            }
        })
    }
}

impl Struct {
    /// The field of that name as minor version `minor` has it, or else as another one does.
    pub(super) fn field(&self, name: &str, minor: u32) -> Option<&Field> {
        let start = self.fields.partition_point(|field| field.name < name);
        let length = self.fields[start..].partition_point(|field| field.name == name);
        let named = &self.fields[start..start + length];
        named
            .iter()
            .find(|field| field.minors.contains(&minor))
            .or_else(|| named.last())
    }

    /// In the order of their names.
    pub(super) fn fields(&self) -> &[Field] {
        &self.fields
    }
}

fn words(line: &'static str) -> Vec<&'static str> {
    line.split(' ').collect()
}

fn number<T: std::str::FromStr>(text: &str) -> T {
    let Ok(number) = text.parse() else {
        panic!("`{text}` in the table is a number");
    };
    number
}

fn kind(line: &'static str, covers: &Minors) -> Kind {
    let words = words(line);
    Kind {
        api: words[1],
        name: words[2],
        of_type: number(words[3]),
        minors: minors(words.get(4).copied(), covers),
    }
}

fn field(line: &'static str, covers: &Minors) -> Field {
    let mut words = line.split(' ');
    let name = words.next().unwrap_or_default();
    let shape = shape(words.next().unwrap_or_default());
    let mut keys = Vec::new();
    let mut range = None;
    for word in words {
        match word.strip_prefix('(').and_then(|word| word.strip_suffix(')')) {
            Some(names) => keys = names.split(',').collect(),
            None => range = Some(word),
        }
    }
    Field {
        name: name.strip_suffix('!').unwrap_or(name),
        required: name.ends_with('!'),
        shape,
        keys,
        minors: minors(range, covers),
    }
}

fn minors(range: Option<&str>, covers: &Minors) -> Minors {
    let (first, last) = range.and_then(|range| range.split_once('-')).unwrap_or_default();
    let or = |text: &str, otherwise: &u32| if text.is_empty() { *otherwise } else { number(text) };
    or(first, covers.start())..=or(last, covers.end())
}

fn shape(text: &str) -> Shape {
    if let Some(items) = text.strip_prefix("[]") {
        return Shape::List(Box::new(shape(items)));
    }
    if let Some(values) = text.strip_prefix("{}") {
        return Shape::Map(Box::new(shape(values)));
    }
    match text {
        "*" => Shape::Any,
        "o" => Shape::Object,
        "s" => Shape::Text,
        "b" => Shape::Bool,
        "i" => Shape::Int32,
        "l" => Shape::Int64,
        "d" => Shape::Double,
        "y" => Shape::Bytes,
        "t" => Shape::Time,
        "q" => Shape::Quantity,
        "x" => Shape::IntOrText,
        _ => Shape::Struct(number(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_can_be_read_and_names_types_that_exist() {
        let table = Table::new();
        let count = table.blocks.len();
        let check = |shape: &Shape| {
            let mut shape = shape;
            while let Shape::List(inner) | Shape::Map(inner) = shape {
                shape = inner;
            }
            if let Shape::Struct(number) = shape {
                assert!(*number < count);
            }
        };
        for number in 0..count {
            let known = table.get(number);
            for pair in known.fields().windows(2) {
                assert!(pair[0].name <= pair[1].name, "{} {}", known.name, pair[1].name);
            }
            for field in known.fields() {
                check(&field.shape);
                assert!(
                    field.minors.start() <= field.minors.end(),
                    "{} {}",
                    known.name,
                    field.name
                );
            }
        }
        assert!(table.all_kinds().iter().all(|kind| kind.of_type < count));
    }

    #[test]
    fn kinds_and_fields_know_when_they_exist() {
        let table = Table::new();
        let scalers: Vec<_> = table
            .kinds("HorizontalPodAutoscaler")
            .map(|kind| (kind.api, kind.minors.clone()))
            .collect();
        assert!(scalers.contains(&("autoscaling/v2", table.covers.clone())));
        assert!(scalers.contains(&("autoscaling/v2beta2", 25..=25)));
        let deployment = table.kinds("Deployment").next().expect("there are deployments");
        let spec = table
            .get(deployment.of_type)
            .field("spec", 32)
            .expect("with a specification");
        let Shape::Struct(spec) = spec.shape else {
            panic!("{:?}", spec.shape)
        };
        assert!(
            table
                .get(spec)
                .field("selector", 32)
                .expect("and a selector")
                .required
        );
        assert_eq!(
            table.get(spec).field("replicas", 32).expect("and a number").shape,
            Shape::Int32
        );
    }
}
