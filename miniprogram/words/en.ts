// English.
import type { Words } from './zh'

export const en: Words = {
  tabs: ['Home', 'Boutique', 'Plan', 'Mine'],
  common: {
    alone: 'Tap “Open the mini program” below to see more.',
    loading: 'Loading', retry: 'Try again', confirmMark: 'Confirm before you go', all: 'All',
    minutes: '{n} min', milanTime: 'All times are Milan time',
  },
  error: {
    title: 'This cannot be shown now', offline: 'No connection. Nothing of yours has changed. Check the network and try again.',
    server: 'The service is busy. Nothing of yours has changed. Please try again shortly.', refused: 'That did not work. Nothing of yours has changed.',
    phone: 'Please open this in WeChat.',
  },
  offline: {
    old: 'The city on your phone is as of {at}, more than a week ago.', trust: 'Names, addresses and the map still help you. Hours, prices and offers may have changed: confirm before you go.', renew: 'Bring it up to date', updated: 'Up to date: {n} places changed', full: 'Your phone is full: the city could not be updated',
    saved: 'No connection: this is the city as saved on {at}.', stale: 'No connection: this was saved on {at}, more than a week ago. Please confirm before you go.',
    plan: 'No connection: this is the plan saved on your phone.', ready: 'The city is saved on your phone and works without a network.',
  },
  home: {
    shareTitle: '{house} · your guide to Milan',
    popups: 'Pop-ups', title: 'Milan', discover: 'Around Milan', discoverNote: 'Choose by district, kind and hours', hello: 'Welcome to Milan', lead: 'From the Duomo to Brera, each day in good order.', search: 'Search sights, shops, districts',
    plan: 'Plan your days', planNote: 'In order of opening hours and walking distance', boutique: 'Boutique', boutiqueNote: 'Pay in CNY, collect or have it sent',
    appointment: 'Book a visit', appointmentNote: 'An advisor keeps the time for you', drops: 'Limited releases', soldOut: 'Sold out', opensAt: 'Opens {at}',
    open: 'Open now', left: '{n} left',
  },
  search: {
    title: 'Search', placeholder: 'For example duomo, Brera, Last Supper', suggestions: 'Often searched',
    terms: ['Duomo', 'Last Supper', 'Brera', 'Scala', 'Navigli', 'Cova'], empty: 'Nothing found for “{q}”',
    emptyNote: 'Try another word, for example the Italian name.', results: '{n} results', clear: 'Clear',
  },
  discover: {
    near: 'Nearest first', nearTo: 'By distance from {name}', me: 'you', refused: 'Your location is not allowed, so the list stays in the guide’s order. Allow it in the settings, or choose a place on the map.', unknown: 'Your location is not known now. You can choose a place on the map.', settings: 'Open settings', point: 'Use the map', shareTitle: 'Around Milan: {n} places',
    tax: 'Tax refund', taxNote: 'Threshold, steps and your receipts', title: 'Around Milan', category: 'Kind', district: 'District', all: 'All', today: 'Open today', free: 'Free', count: '{n} places', reset: 'Clear choices', empty: 'The guide is still empty', emptyNote: 'Places appear here once they are published.',
    end: 'That is all', open: '{name}, {about}',
  },
  category: {
    church: 'Church', viewpoint: 'Viewpoint', museum: 'Museum', shopping: 'Shopping', landmark: 'Landmark', park: 'Park',
    food: 'Food', theatre: 'Theatre', castle: 'Castle', district: 'District', transport: 'Transport', stadium: 'Stadium',
  },
  place: {
    known: 'What is known', byEditors: 'checked by the editors', confirmedOn: 'confirmed {day}', undated: 'no date given', old: 'over half a year old: check again',
    mapLabel: '{name} on the map', shareTitle: '{name} · Milan',
    title: 'Place', map: 'Open in the map', hours: 'Opening hours', today: 'Today', italian: 'In Italian', copy: 'Copy the Italian name', copied: 'Copied: show it to the driver', add: 'Add to my day',
    remove: 'Remove from my day', added: 'Added to your day', removed: 'Removed from your day', full: 'At most {n} places', toPlan: 'Plan the day', visit: 'Time to allow',
    admission: 'Admission', booking: 'Booking', photos: 'Photos', offers: 'Offers', offerDays: '{from} – {until}', bySeller: 'told by the business', sure: 'Opening hours checked', note: 'Good to know',
    admissions: { free: 'Free', paid: 'Ticket' }, bookings: { no: 'Not needed', advised: 'Advised', required: 'Required' },
  },
  plan: {
    received: '{n} places of your friend’s plan added', shareTitle: 'Let us plan Milan together',
    title: 'Plan your days', days: 'Which days (five at most)', pace: 'Pace', meals: 'Plan meals', lesser: 'Districts', full: '{n} days at most', paces: { relaxed: 'Relaxed', normal: 'Normal', brisk: 'Brisk' },
    lesserChoices: ['The classics', 'Both', 'Quieter districts'], day: 'Which day', start: 'Starting at', wanted: 'Places to see', none: 'None chosen yet. We can suggest a day.', add: 'Search and add',
    interests: 'Interests', build: 'Plan my days', building: 'Planning', last: 'Your last plan', remove: 'Remove {name}',
    interest: {
      museum: 'Art and museums', shopping: 'Shopping', food: 'Food', church: 'Churches', landmark: 'Architecture', park: 'Parks',
    },
  },
  day: {
    remind: 'Remind me before I go', remindNote: 'Two days before, what is still to be booked and what has changed', reminded: 'We will remind you two days before', noRemind: 'Do not remind me',
    mapTitle: 'The day on the map', toMap: 'See it on the map', mapOffline: 'No connection: this is a sketch.', whole: 'Whole day', before: 'Stop before', after: 'Next stop', openStop: 'Open {name}', legend: { walk: 'On foot', metro: 'Metro', car: 'Taxi' }, forward: 'Send to a friend', shareTitle: 'My days in Milan: {n} stops',
    title: 'Your plan', days: 'Day', out: 'Take out {name}', outTitle: 'Take out {name} and plan again?', outYes: 'Plan again', outNo: 'Keep it', replanning: 'Planning again', replanned: 'The plan has changed', addWanted: 'Add the {n} you chose', late: 'I am late: plan from now',
    share: 'Make a plan card', map: 'Map: the order of {n} stops and the way between them', shelter: 'If it rains: {name}', note: 'Good to know', stops: '{n} stops', leave: 'leave {at}', ways: { walk: '{n} min walk', metro: '{n} min by metro', car: '{n} min by taxi' }, leftOut: 'Did not fit', saved: 'Your plan is saved', change: 'Change the plan',
    hours: 'That day: {hours}', empty: 'Nothing fits on this day', emptyNote: 'Please choose another day or other places.',
    reasons: {
      unknown_place: 'Not found', closed_that_day: 'Closed that day', hours_do_not_fit: 'Opening hours do not fit',
      booking_cannot_be_kept: 'Needs a booking', no_time_left: 'Not enough time', other: 'Could not be placed',
    },
  },
  boutique: {
    title: 'Boutique', products: 'Pieces', stores: 'Stores', book: 'Book a visit', empty: 'No pieces yet', emptyNote: 'New pieces appear here.',
    noStores: 'No stores yet', soldOut: 'Out of stock', view: 'See {name}',
    collections: 'Collections', all: 'All pieces', filter: 'Only {name}', leaf: 'Lookbook: {name}',
  },
  lookbook: {
    title: 'Lookbook', see: 'See {name}', count: '{n} looks', ask: 'All pieces of this look ({n})', close: 'Close', toBoutique: 'To the boutique', soldOut: 'Out of stock',
  },
  product: {
    pictures: 'Pictures of the piece', title: 'Piece', choose: 'Version', quantity: 'Quantity', fewer: 'Fewer', more: 'More', buy: 'Buy now', buying: 'Placing the order', stock: '{n} left',
    soldOut: 'Out of stock', rate: 'You pay in CNY; the rate is fixed when you order.', visit: 'See it in the store',
  },
  bag: {
    title: 'For you', heading: 'Put together for you', until: 'Kept until {at}', empty: 'There is nothing left in this list', toBoutique: 'To the boutique', total: 'Total', changed: 'The price has changed; today’s counts', gone: 'Not sold any more',
    tryOn: 'Try these on in a store', pickup: 'Collect in store', order: 'Order', ordering: 'Placing the order',
  },
  order: {
    pickup: 'Collect in store', delivery: 'Delivery', code: 'Collection code', copyTracking: 'Copy the number', codePicture: 'Collection code', showCode: 'Show it at the counter', copied: 'Copied',
    stages: { to_prepare: 'being prepared', ready: 'ready to collect', shipped: 'on its way', delivered: 'delivered', handed_over: 'collected', stopped: 'stopped' },
    unsent: 'The connection was lost before the payment began; nothing was charged. Please pay once you are back online.', unsure: 'The connection was lost and the result is not known yet. Please do not pay again; check the result once you are back online.',
    check: 'Check the payment',
    title: 'Order', number: 'Order', total: 'Total', pay: 'WeChat Pay {amount}', paying: 'Paying', thanks: 'Thank you, your payment has arrived', cancelled: 'You cancelled the payment. The order is still kept for you.',
    checking: 'Confirming the payment', slow: 'The bank is still working. A service notification will tell you.', notPaid: 'The payment did not succeed; nothing was charged.', settle: 'In euro', home: 'Back to home',
    orders: 'See my orders', rate: 'Rate',
    states: {
      placed: 'To be paid', requires_payment: 'To be paid', paid: 'Paid', partly_refunded: 'Partly refunded', refunded: 'Refunded', cancelled: 'Cancelled', expired: 'Expired',
    },
  },
  service: {
    choose: 'Choose delivery or collection', correct: 'Correct the address', received: 'I have received it', receivedDone: 'Thank you, noted as received', gift: 'Gift', wrapped: 'gift wrapped', noPrices: 'no prices inside', giveUp: 'Cancel the order', giveUpTitle: 'Cancel this order?', keep: 'Keep it',
    cancelled: 'The order is cancelled', requests: 'What you asked', withdraw: 'Withdraw', withdrawTitle: 'Withdraw this request?', withdrawn: 'Withdrawn', until: 'Returns and exchanges until {day}', due: 'Please send or bring it back by {day}', moneyBack: '{amount} paid back', moneyComing: '{amount} will be paid back',
    difference: 'Difference to pay: {amount}', openReplacement: 'See the new order', kinds: { cancel: 'Cancellation', return: 'Return', exchange: 'Exchange' }, ask: { cancel: 'Ask to cancel', return: 'Ask for a return', exchange: 'Ask for an exchange' },
    standings: { asked: 'waiting for an answer', accepted: 'agreed', received: 'pieces received', closed: 'done', declined: 'not agreed', withdrawn: 'withdrawn', lapsed: 'lapsed' },
    reason: 'Reason', reasons: { changed_mind: 'Changed my mind', size: 'Does not fit', different: 'Not as described', damaged: 'Damaged or faulty', late: 'Too late', other: 'Other' },
    pieces: 'Which pieces', fewer: 'Fewer: {name}', more: 'More: {name}', wished: 'In exchange for', noWished: 'There is no piece to exchange it for now. You can return it instead.', words: 'Anything to add (optional)', wordsHint: 'Tell us more', send: 'Send the request', sending: 'Sending', sent: 'Sent. An advisor will answer soon.',
    chooseReason: 'Please choose a reason.', choosePieces: 'Please choose a piece.', chooseWished: 'Please choose what you would like instead.', nothing: 'There is nothing to ask for now', nothingNote: 'Please ask your advisor if you have a question.', answered: 'An advisor answers; nothing changes before.',
    fapiao: 'Tax invoice (fapiao)', askFapiao: 'Ask for a fapiao', correctFapiao: 'Correct the fapiao', papers: { asked: 'Fapiao asked for', issued: 'Fapiao issued', to_withdraw: 'Fapiao to be reversed', withdrawn: 'Fapiao reversed', dropped: 'Fapiao no longer needed' },
    buyer: 'Made out to', buyers: { person: 'A person', company: 'A company' }, titleOf: { person: 'Name', company: 'Company name' }, taxNumber: 'Unified social credit code (18 characters)', email: 'Email for the fapiao', fapiaoNote: 'The fapiao is sent to this address; you can correct it until it is issued.', save: 'Save', saving: 'Saving', saved: 'Saved',
    way: 'How it reaches you', ways: { delivery: 'Delivery', pickup: 'Collect in store' }, wayNotes: { delivery: 'Sent to your address', pickup: 'With a code, once it is ready' }, store: 'Store', recipient: 'Recipient', phone: 'Phone', region: 'Province, city, district', street: 'Street and number', postcode: 'Postcode (optional)', fee: 'Delivery', wayFirst: 'Choose how it reaches you, then pay.', country: 'Delivered to', feeNone: 'Delivery costs nothing', feeOf: 'Delivery costs {amount}', feeUntil: 'Delivery costs {amount}, nothing from {from}', fromWeChat: 'Use an address kept in WeChat', addressNote: 'Used for sending this order only.', closed: 'This order’s way can no longer be changed', noStores: 'No store hands orders over just now',
  },
  popup: {
    title: 'Pop-up', opens: 'Opens {at}', closes: 'Open until {at}', over: 'It ended {at}', where: 'Where', pieces: 'Pieces', left: '{n} left', soldOut: 'Sold out', buy: 'Buy now', buyNamed: 'Buy {name}', buying: 'Placing the order', rate: 'You pay in CNY; the rate is fixed when you order.',
    thanks: 'Thank you for coming. What was left is back in the boutique.', toBoutique: 'To the boutique', none: 'There is no such pop-up', noneNote: 'It may be over, or the code was not read whole.',
  },
  scan: {
    title: 'Scan', heading: 'Scan the code of a poster, a store or a piece', note: 'We open its page for you.', scan: 'Scan', again: 'Scan again', home: 'Back to home', unknown: 'Nobody here knows this code', unknownNote: 'It may have ended, or belong to somebody else. Scan again or ask in the store.',
    welcome: 'Welcome', pieces: 'See the pieces', book: 'Book a visit',
  },
  tax: {
    title: 'Tax refund', heading: 'Tax back on what you bought', over: 'Each receipt', overValue: 'over {amount}', rate: 'Standard rate', leave: 'Leave by', leaveValue: 'end of month {n} after buying', source: 'By {source}; checked on {day}', steps: 'What to do', mine: 'What your receipts come to', lives: 'Where you live',
    outside: 'I live outside the EU', inside: 'I live in the EU', leaves: 'The day you leave the EU', amount: 'Receipt in euro, tax included', shop: 'Shop (optional)', bought: 'Bought on', remove: 'Remove', add: 'Add a receipt', assess: 'Work it out', assessing: 'Working it out', most: 'tax at most {amount}', short: '{amount} short', leaveBy: 'leave by {day}',
    total: '{amount} at most', proof: 'The validated proof has to reach the seller by {day}', fee: 'The refund company keeps a fee, so you get less.', enter: 'Please enter each receipt’s amount, for example 120.00.', kept: 'Nothing you enter here is kept.',
  },
  drop: {
    title: 'Limited release', left: '{n} of {total} left', closed: 'This release has ended', reserve: 'Reserve one', reserving: 'Reserving',
    reserved: 'Reserved for you', payBefore: 'Please pay before {at}', pay: 'Go to payment', soldOut: 'All reserved',
    fair: 'One for each person. Sharing or following makes no difference.', refresh: 'Refresh',
    waiting: 'You are on the waiting list', ahead: '{n} before you', expired: 'Your reservation has expired', wait: 'Join the waiting list', paid: 'You have paid for it',
    firstCome: 'First come, first served', register: 'Register for it', registered: 'You are registered. Please come back at the opening', enter: 'Enter the draw',
    entered: 'You are in the draw. Your code: {code}', withdraw: 'Leave the draw', withdrawn: 'You have left the draw', drawing: 'Entries are closed; the draw is being made',
    rank: 'The draw put you in place {n}', byDraw: 'By draw: entries close and the draw is made on {at}', byInvitation: 'By invitation', kept: 'Advisers keep pieces for their guests until {at}',
    needsRegistration: 'Register before the opening', visit: 'For those who have visited a boutique', purchase: 'For those who have bought a piece before', right: 'For members of certain tiers',
    checked: 'To keep it fair WeChat points out doubtful accounts, and one of us looks at them', seed: 'The draw’s seed was sealed beforehand: {hash}…', copyProof: 'Copy the public address where anyone can check it', copied: 'Address copied',
    noChance: 'More people are before you than pieces may come back', mayReturn: 'Pieces not paid yet that may come back: {n}', notBefore: 'Not before {at}', expected: 'Probably about {at}',
    tellMe: 'Tell me when it is decided', willTell: 'We shall tell you by service notification',
  },
  appointment: {
    title: 'Book a visit', boutique: 'Store', day: 'Day', time: 'Time', kind: 'For', visit: 'A visit', fitting: 'A fitting', book: 'Book', booking: 'Booking',
    done: 'Your visit is booked', doneNote: 'We look forward to seeing you.', calendar: 'Add to calendar', calendarDone: 'In your calendar', none: 'Nothing free that day. Please choose another.', free: 'free',
    full: 'full', choose: 'Please choose a time', noBoutiques: 'No store takes bookings now', another: 'Book another', copyLink: 'Copy the calendar link', copied: 'Copied',
    change: 'Another time', moving: 'Choose a new time for this appointment', keep: 'Keep the time as it is', moveTo: 'Move the appointment', moved: 'Your appointment has moved',
    mine: 'Your visits', cancel: 'Cancel', cancelTitle: 'Cancel this visit?', cancelYes: 'Cancel it', cancelNo: 'Keep it', cancelled: 'The visit is cancelled',
    and: ', ', piece: 'To try on', pieceHeld: 'Kept for you: {piece}', pieceNotHeld: 'Your time is booked, but {piece} could not be kept: {why}', heldPieces: 'Kept for you', heldUntil: 'Until {at}', release: 'Not needed', releaseTitle: 'Keep it no longer?', released: 'It is kept no longer', calls: 'Calls with your advisor', callKinds: { video: 'Video call', voice: 'Voice call' }, copyCall: 'Copy the link of the call', callCopied: 'Copied: open it in the phone’s browser', callNote: 'Mini programs cannot hold such calls. Paste the link into the phone’s browser to join.', callCancelTitle: 'Cancel this call?', callCancelled: 'The call is cancelled', noCalls: 'No call is booked', bookCall: 'Book a call',
  },
  call: {
    title: 'Book a call', host: 'Your advisor', kind: 'How', lasts: 'How long', day: 'Day', time: 'Time', none: 'Nothing free that day. Please choose another.', beijing: '{at} in Beijing', choose: 'Please choose a time', agree: 'Please tick the note above first',
    book: 'Book', booking: 'Booking', done: 'The call is booked', doneNote: 'The link is sent to you and stands under your visits; you are reminded before it begins.', toVisits: 'See my visits', noHosts: 'No advisor takes calls now', noHostsNote: 'Add an advisor as a contact in WeCom, then book a call here.', toChat: 'Ask your advisor',
  },
  payHere: {
    title: 'Pay the boutique', amount: 'Amount in yuan', amountLabel: 'Amount in yuan', pay: 'WeChat Pay {amount}', payEmpty: 'WeChat Pay', paying: 'Paying',
    note: 'Please check the amount with the associate before you pay.', thanks: 'Thank you, your payment has arrived', checking: 'Confirming the payment', cancelled: 'You cancelled the payment; nothing was charged.', notPaid: 'The payment did not succeed; nothing was charged.',
    slow: 'The bank is still working. Please do not pay again; ask the associate for the result.', show: 'Please show this page to the associate.', shop: 'Paid to', number: 'Payment', another: 'Make another payment',
    unknown: 'This code is not valid; please ask the boutique.', enter: 'Enter the amount, for example 120.00.', notPositive: 'Enter an amount above zero.', tooLarge: 'At most {most} in one payment; please split it.',
  },
  share: {
    title: 'Plan card', heading: 'My days in Milan', note: 'Keep the picture, or send it to whoever travels with you.', send: 'Keep or send the picture', making: 'Making the picture', label: 'Plan card: {text}', foot: 'Milan time · {house}',
  },
  loyalty: {
    title: 'Membership', points: 'points', next: '{n} more points for {name}', top: 'You are in the highest tier', rights: 'Your benefits', noRights: 'Your benefits appear here once you are a member.', none: 'There is no membership here yet',
    noneNote: 'Once there is, your purchases and visits count by themselves.', toBoutique: 'To the boutique', progress: '{n} points, {missing} to the next tier',
  },
  my: {
    visits: 'My visits', noVisits: 'No visit booked yet', title: 'Mine', chat: 'Your advisor', privacy: 'See, take along or delete my data', membership: 'Membership and points', orders: 'Orders', noOrders: 'You have no orders yet', plan: 'Latest plan', language: 'Language', consent: 'Your privacy choices',
    consentNote: 'You may change them at any time; browsing and buying do not depend on them.', scan: 'Scan to check in', checkedIn: 'You are checked in. Welcome', saved: 'Saved',
    purposes: {
      messages: 'Service messages and news', archive: 'Chats with advisors are archived', profile: 'An advisor notes my tastes', location: 'Use visits and places', analytics: 'Use for statistics',
    },
  },
}
