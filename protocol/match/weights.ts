/**
 * How much each thing speaks for two cards being of one person: the binary logarithm of how much more often it is seen with
 * one person's cards than with two people's, after Fellegi and Sunter, set by hand. A whole name of two words is shared by
 * about one pair in two hundred of an address book's candidates, a mail address by one in a thousand; a birthday that
 * differs is a typing error once in two hundred.
 * @see Fellegi and Sunter, A Theory for Record Linkage (1969)
 */
export const weights = {
  name: {
    /** All words, in whatever order. */
    same: 7,
    /** A short form of the given name, or a name between: William and Bill, Anna and Anna Maria. */
    variant: 5.5,
    /** A letter or two are different: Meier and Meyer. */
    close: 5,
    /** A. Meier: every second Meier of a book may be an A. */
    initial: 3,
    /** Only one word is known of one of them, and it is among the others'. */
    part: 1.5,
    /** A marriage, or another person of a common given name. */
    givenOnly: -3,
    /** The family: never the same person by whatever else they share. */
    familyOnly: -7,
    /** Nobody has two names that have nothing in common. */
    other: -8,
    /** Father and son. */
    generation: -9,
  },
  company: {
    same: 8,
    /** A branch, or a word more. */
    close: 5,
    other: -8,
  },
  mail: {
    same: 9,
    /** info@ and the like is everybody's who works there. */
    role: 2,
    /** People keep the part before the @ from one provider to the next. */
    local: 3.5,
    /** A domain that is not a provider's. */
    domain: 1,
    /** Most have several, and each card has one. */
    other: -1,
  },
  phone: {
    same: 7,
    /** The switchboard: the same number, and another extension. */
    switchboard: 0.5,
    other: -1,
  },
  employer: {
    same: 2.5,
    close: 1.5,
    /** A change of job: as usual as two people of one name. */
    other: -1.5,
  },
  birthday: {
    same: 6,
    /** Where the year is not known of one of them. */
    day: 4.5,
    /** Day and month are swapped, or one figure is another. */
    close: 1,
    other: -8,
  },
  address: {
    same: 3,
    /** The town alone says little. */
    place: 0.5,
    other: -0.5,
  },
} as const

/** From what sum on it is said; the sum of a name and nothing else is a 'maybe', with a number or an address it is 'same'. */
export const levels = { same: 13.5, likely: 9, maybe: 6 } as const
