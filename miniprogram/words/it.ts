// Italian.
import type { Words } from './zh'

export const it: Words = {
  tabs: ['Home', 'Boutique', 'Giornata', 'Profilo'],
  common: {
    alone: 'Tocchi “Apri il mini programma” qui sotto per saperne di più.',
    loading: 'Caricamento', retry: 'Riprova', confirmMark: 'Confermare prima di andare', all: 'Tutto',
    minutes: '{n} min', milanTime: 'Orari di Milano',
  },
  error: {
    title: 'Al momento non visibile', offline: 'Nessuna connessione. Nulla è cambiato. Controlli la rete e riprovi.',
    server: 'Il servizio è occupato. Nulla è cambiato. Riprovi tra poco.', refused: 'Non è riuscito. Nulla è cambiato.',
    phone: 'Apra questa pagina in WeChat.',
  },
  offline: {
    old: 'La città sul telefono è di {at}, più di una settimana fa.', trust: 'Nomi, indirizzi e mappa restano validi. Orari, prezzi e offerte possono essere cambiati: confermare prima di andare.', renew: 'Aggiorna la città', updated: 'Aggiornata: {n} luoghi cambiati', full: 'Telefono pieno: la città non è stata aggiornata',
    saved: 'Nessuna connessione: la città come salvata {at}.', stale: 'Nessuna connessione: dati salvati {at}, più di una settimana fa. Confermare prima di andare.',
    plan: 'Nessuna connessione: è il programma salvato sul telefono.', ready: 'La città è salvata sul telefono e funziona senza rete.',
  },
  home: {
    shareTitle: '{house} · la sua guida di Milano',
    popups: 'Pop-up', title: 'Milano', discover: 'In giro per Milano', discoverNote: 'Per quartiere, tipo e orari', hello: 'Benvenuti a Milano', lead: 'Dal Duomo a Brera, ogni giornata ben ordinata.', search: 'Cerchi luoghi, negozi, quartieri',
    plan: 'Organizza le giornate', planNote: 'Secondo gli orari e le distanze a piedi', boutique: 'Boutique', boutiqueNote: 'Pagamento in CNY, ritiro o spedizione',
    appointment: 'Prenota una visita', appointmentNote: 'Un consulente tiene il tempo per lei', drops: 'Edizioni limitate', soldOut: 'Esaurito', opensAt: 'Dal {at}',
    open: 'In corso', left: '{n} rimasti',
  },
  search: {
    title: 'Cerca', placeholder: 'Per esempio duomo, Brera, Cenacolo', suggestions: 'Ricerche frequenti',
    terms: ['Duomo', 'Cenacolo', 'Brera', 'Scala', 'Navigli', 'Cova'], empty: 'Nessun risultato per “{q}”',
    emptyNote: 'Provi un’altra parola.', results: '{n} risultati', clear: 'Cancella',
  },
  discover: {
    near: 'Prima i più vicini', nearTo: 'Per distanza da {name}', me: 'lei', refused: 'La posizione non è consentita: l’elenco resta nell’ordine della guida. La consenta nelle impostazioni o scelga un luogo sulla mappa.', unknown: 'La posizione ora non è nota. Può scegliere un luogo sulla mappa.', settings: 'Apri impostazioni', point: 'Usa la mappa', shareTitle: 'In giro per Milano: {n} luoghi',
    tax: 'Tax free', taxNote: 'Soglia, passi e i suoi scontrini', title: 'In giro per Milano', category: 'Tipo', district: 'Quartiere', all: 'Tutti', today: 'Aperto oggi', free: 'Gratis', count: '{n} luoghi', reset: 'Azzera le scelte', empty: 'La guida è ancora vuota', emptyNote: 'I luoghi appaiono qui una volta pubblicati.',
    end: 'È tutto', open: '{name}, {about}',
  },
  category: {
    church: 'Chiesa', viewpoint: 'Panorama', museum: 'Museo', shopping: 'Acquisti', landmark: 'Monumento', park: 'Parco',
    food: 'Cibo', theatre: 'Teatro', castle: 'Castello', district: 'Quartiere', transport: 'Trasporti', stadium: 'Stadio',
  },
  place: {
    known: 'Che cosa si sa', byEditors: 'verificato dalla redazione', confirmedOn: 'confermato {day}', undated: 'senza data', old: 'più di sei mesi fa: verificare di nuovo',
    mapLabel: '{name} sulla mappa', shareTitle: '{name} · Milano',
    title: 'Luogo', map: 'Apri nella mappa', hours: 'Orari', today: 'Oggi', italian: 'In italiano', copy: 'Copia il nome italiano', copied: 'Copiato', add: 'Aggiungi alla giornata',
    remove: 'Togli dalla giornata', added: 'Aggiunto', removed: 'Tolto', full: 'Al massimo {n} luoghi', toPlan: 'Organizza la giornata', visit: 'Durata consigliata',
    admission: 'Ingresso', booking: 'Prenotazione', photos: 'Foto', offers: 'Offerte', offerDays: '{from} – {until}', bySeller: 'dichiarato dall’esercente', sure: 'Orari verificati', note: 'Da sapere',
    admissions: { free: 'Gratuito', paid: 'A pagamento' }, bookings: { no: 'Non serve', advised: 'Consigliata', required: 'Obbligatoria' },
  },
  plan: {
    received: 'Aggiunti {n} luoghi del programma ricevuto', shareTitle: 'Organizziamo Milano insieme',
    title: 'Organizza le giornate', days: 'Quali giorni (al massimo cinque)', pace: 'Ritmo', meals: 'Prevedi i pasti', lesser: 'Quartieri', full: 'Al massimo {n} giorni', paces: { relaxed: 'Tranquillo', normal: 'Normale', brisk: 'Veloce' },
    lesserChoices: ['I classici', 'Entrambi', 'Quartieri tranquilli'], day: 'Che giorno', start: 'Partenza', wanted: 'Luoghi da vedere', none: 'Nessuno scelto. Possiamo proporre noi.', add: 'Cerca e aggiungi',
    interests: 'Interessi', build: 'Crea il programma', building: 'In preparazione', last: 'L’ultima giornata', remove: 'Togli {name}',
    interest: {
      museum: 'Arte e musei', shopping: 'Acquisti', food: 'Cibo', church: 'Chiese', landmark: 'Architettura', park: 'Parchi',
    },
  },
  day: {
    remind: 'Ricordamelo prima di partire', remindNote: 'Due giorni prima: che cosa va ancora prenotato e che cosa è cambiato', reminded: 'Glielo ricorderemo due giorni prima', noRemind: 'Non ricordarmelo',
    mapTitle: 'La giornata sulla mappa', toMap: 'Vedi sulla mappa', mapOffline: 'Nessuna connessione: questo è uno schizzo.', whole: 'Tutto il giorno', before: 'Tappa precedente', after: 'Tappa successiva', openStop: 'Apri {name}', legend: { walk: 'A piedi', metro: 'Metro', car: 'Taxi' }, forward: 'Invia a un amico', shareTitle: 'I miei giorni a Milano: {n} tappe',
    title: 'Il programma', days: 'Giorno', out: 'Togli {name}', outTitle: 'Togliere {name} e riprogrammare?', outYes: 'Riprogramma', outNo: 'Tieni', replanning: 'Riprogrammo', replanned: 'Il programma è cambiato', addWanted: 'Aggiungi i {n} scelti', late: 'Sono in ritardo: riprogramma da ora',
    share: 'Crea una cartolina', map: 'Mappa: l’ordine di {n} tappe e la strada tra loro', shelter: 'Se piove: {name}', note: 'Da sapere', stops: '{n} tappe', leave: 'fino alle {at}', ways: { walk: '{n} min a piedi', metro: '{n} min in metro', car: '{n} min in taxi' }, leftOut: 'Non inseriti', saved: 'La giornata è salvata', change: 'Modifica',
    hours: 'Quel giorno: {hours}', empty: 'Nulla è possibile in questo giorno', emptyNote: 'Scelga un altro giorno o altri luoghi.',
    reasons: {
      unknown_place: 'Non trovato', closed_that_day: 'Chiuso quel giorno', hours_do_not_fit: 'Orari incompatibili',
      booking_cannot_be_kept: 'Serve la prenotazione', no_time_left: 'Tempo insufficiente', other: 'Non inserito',
    },
  },
  boutique: {
    title: 'Boutique', products: 'Creazioni', stores: 'Negozi', book: 'Prenota una visita', empty: 'Ancora nessuna creazione', emptyNote: 'Le novità compaiono qui.',
    noStores: 'Ancora nessun negozio', soldOut: 'Esaurito', view: 'Vedi {name}',
    collections: 'Collezioni', all: 'Tutte le creazioni', filter: 'Solo {name}', leaf: 'Lookbook: {name}',
  },
  lookbook: {
    title: 'Lookbook', see: 'Vedi {name}', count: '{n} look', ask: 'Tutti i pezzi di questo look ({n})', close: 'Chiudi', toBoutique: 'Vai alla boutique', soldOut: 'Esaurito',
  },
  product: {
    pictures: 'Immagini del capo', title: 'Creazione', choose: 'Versione', quantity: 'Quantità', fewer: 'Meno', more: 'Più', buy: 'Acquista', buying: 'Ordine in corso', stock: '{n} rimasti',
    soldOut: 'Esaurito', rate: 'Si paga in CNY; il cambio è fissato all’ordine.', visit: 'Vederla in negozio',
  },
  bag: {
    title: 'Per lei', heading: 'Preparato per lei', until: 'Conservato fino al {at}', empty: 'In questa lista non c’è più nulla', toBoutique: 'Alla boutique', total: 'Totale', changed: 'Il prezzo è cambiato; vale quello di oggi', gone: 'Non più in vendita',
    tryOn: 'Provali in negozio', pickup: 'Ritiro in negozio', order: 'Ordina', ordering: 'Invio dell’ordine',
  },
  order: {
    pickup: 'Ritiro in negozio', delivery: 'Consegna', code: 'Codice di ritiro', copyTracking: 'Copia il numero', codePicture: 'Codice di ritiro', showCode: 'Lo mostri al banco', copied: 'Copiato',
    stages: { to_prepare: 'in preparazione', ready: 'pronto per il ritiro', shipped: 'spedito', delivered: 'consegnato', handed_over: 'ritirato', stopped: 'fermato' },
    unsent: 'La rete è caduta prima del pagamento; nessun addebito. Paghi quando la rete torna.', unsure: 'La rete è caduta e l’esito non è ancora noto. Non paghi di nuovo; verifichi l’esito quando la rete torna.',
    check: 'Verifica il pagamento',
    title: 'Ordine', number: 'Ordine', total: 'Totale', pay: 'WeChat Pay {amount}', paying: 'Pagamento', thanks: 'Grazie, il pagamento è arrivato', cancelled: 'Pagamento annullato. L’ordine resta riservato.',
    checking: 'Verifica del pagamento', slow: 'La banca sta elaborando. Arriverà una notifica.', notPaid: 'Pagamento non riuscito; nessun addebito.', settle: 'In euro', home: 'Torna alla home',
    orders: 'I miei ordini', rate: 'Cambio',
    states: {
      placed: 'Da pagare', requires_payment: 'Da pagare', paid: 'Pagato', partly_refunded: 'Rimborsato in parte', refunded: 'Rimborsato', cancelled: 'Annullato', expired: 'Scaduto',
    },
  },
  service: {
    choose: 'Scelga consegna o ritiro', correct: 'Correggi l’indirizzo', received: 'L’ho ricevuto', receivedDone: 'Grazie, ricezione annotata', gift: 'Regalo', wrapped: 'confezione regalo', noPrices: 'senza prezzi', giveUp: 'Annulla l’ordine', giveUpTitle: 'Annullare questo ordine?', keep: 'Mantieni',
    cancelled: 'L’ordine è annullato', requests: 'Le sue richieste', withdraw: 'Ritira', withdrawTitle: 'Ritirare questa richiesta?', withdrawn: 'Richiesta ritirata', until: 'Resi e cambi fino a {day}', due: 'Lo spedisca o lo riporti entro {day}', moneyBack: 'Rimborsati {amount}', moneyComing: 'Saranno rimborsati {amount}',
    difference: 'Differenza da pagare: {amount}', openReplacement: 'Vedi il nuovo ordine', kinds: { cancel: 'Annullamento', return: 'Reso', exchange: 'Cambio' }, ask: { cancel: 'Chiedi di annullare', return: 'Chiedi un reso', exchange: 'Chiedi un cambio' },
    standings: { asked: 'in attesa di risposta', accepted: 'accettato', received: 'pezzi ricevuti', closed: 'concluso', declined: 'non accettato', withdrawn: 'ritirato', lapsed: 'scaduto' },
    reason: 'Motivo', reasons: { changed_mind: 'Ho cambiato idea', size: 'La misura non va', different: 'Diverso dalla descrizione', damaged: 'Danneggiato o difettoso', late: 'Troppo tardi', other: 'Altro' },
    pieces: 'Quali pezzi', fewer: 'Meno: {name}', more: 'Più: {name}', wished: 'In cambio di', noWished: 'Ora non c’è nulla con cui cambiarlo. Può chiedere un reso.', words: 'Altro da dire (facoltativo)', wordsHint: 'Ci dica di più', send: 'Invia la richiesta', sending: 'Invio', sent: 'Inviata. Un consulente risponderà presto.',
    chooseReason: 'Scelga un motivo.', choosePieces: 'Scelga un pezzo.', chooseWished: 'Scelga che cosa desidera in cambio.', nothing: 'Ora non c’è nulla da chiedere', nothingNote: 'Per domande si rivolga al suo consulente.', answered: 'Risponde un consulente; prima nulla cambia.',
    fapiao: 'Fattura cinese (fapiao)', askFapiao: 'Chiedi la fapiao', correctFapiao: 'Correggi la fapiao', papers: { asked: 'Fapiao richiesta', issued: 'Fapiao emessa', to_withdraw: 'Fapiao da stornare', withdrawn: 'Fapiao stornata', dropped: 'Fapiao non più necessaria' },
    buyer: 'Intestata a', buyers: { person: 'Una persona', company: 'Un’azienda' }, titleOf: { person: 'Nome', company: 'Ragione sociale' }, taxNumber: 'Codice sociale unificato (18 caratteri)', email: 'Email per la fapiao', fapiaoNote: 'La fapiao arriva a questo indirizzo; si corregge finché non è emessa.', save: 'Salva', saving: 'Salvataggio', saved: 'Salvato',
    way: 'Come riceverlo', ways: { delivery: 'Consegna', pickup: 'Ritiro in negozio' }, wayNotes: { delivery: 'Spedito al suo indirizzo', pickup: 'Con un codice, quando è pronto' }, store: 'Negozio', recipient: 'Destinatario', phone: 'Telefono', region: 'Provincia, città, distretto', street: 'Via e numero', postcode: 'CAP (facoltativo)', fee: 'Consegna', wayFirst: 'Scelga come riceverlo, poi paghi.', country: 'Consegna in', feeNone: 'La consegna è gratuita', feeOf: 'La consegna costa {amount}', feeUntil: 'La consegna costa {amount}, gratis da {from}', fromWeChat: 'Usa un indirizzo salvato in WeChat', addressNote: 'Serve solo a spedire questo ordine.', closed: 'Il modo di consegna non si può più cambiare', noStores: 'Nessun negozio consegna ordini ora',
  },
  popup: {
    title: 'Pop-up', opens: 'Apre {at}', closes: 'Aperto fino a {at}', over: 'È finito {at}', where: 'Dove', pieces: 'Creazioni', left: '{n} rimasti', soldOut: 'Esaurito', buy: 'Acquista', buyNamed: 'Acquista {name}', buying: 'Ordine in corso', rate: 'Si paga in CNY; il cambio è fissato all’ordine.',
    thanks: 'Grazie della visita. Quel che è rimasto è tornato in boutique.', toBoutique: 'Alla boutique', none: 'Questo pop-up non c’è', noneNote: 'Forse è finito, o il codice non è stato letto per intero.',
  },
  scan: {
    title: 'Scansione', heading: 'Scansioni il codice di un poster, di un negozio o di un capo', note: 'Apriamo la sua pagina.', scan: 'Scansiona', again: 'Scansiona ancora', home: 'Torna alla home', unknown: 'Qui nessuno conosce questo codice', unknownNote: 'Forse è scaduto o è di altri. Scansioni ancora o chieda in negozio.',
    welcome: 'Benvenuti', pieces: 'Vedi le creazioni', book: 'Prenota una visita',
  },
  tax: {
    title: 'Tax free', heading: 'L’IVA dei suoi acquisti', over: 'Ogni scontrino', overValue: 'oltre {amount}', rate: 'Aliquota ordinaria', leave: 'Partenza entro', leaveValue: 'fine del {n}º mese dopo l’acquisto', source: 'Secondo {source}; verificato il {day}', steps: 'Che cosa fare', mine: 'I suoi scontrini', lives: 'Dove risiede',
    outside: 'Fuori dall’UE', inside: 'Nell’UE', leaves: 'Il giorno in cui lascia l’UE', amount: 'Scontrino in euro, IVA inclusa', shop: 'Negozio (facoltativo)', bought: 'Acquistato il', remove: 'Togli', add: 'Aggiungi uno scontrino', assess: 'Calcola', assessing: 'Calcolo', most: 'IVA al massimo {amount}', short: 'mancano {amount}', leaveBy: 'partenza entro {day}',
    total: 'Al massimo {amount}', proof: 'La prova convalidata deve arrivare al venditore entro {day}', fee: 'L’operatore trattiene una commissione: riceverà meno.', enter: 'Inserisca l’importo di ogni scontrino, per esempio 120,00.', kept: 'Nulla di ciò che inserisce viene conservato.',
  },
  drop: {
    title: 'Edizione limitata', left: '{n} di {total} rimasti', closed: 'La vendita è finita', reserve: 'Riserva un pezzo', reserving: 'In corso',
    reserved: 'Riservato per lei', payBefore: 'Pagare entro le {at}', pay: 'Vai al pagamento', soldOut: 'Tutti riservati',
    fair: 'Uno a persona. Condividere o seguire non cambia nulla.', refresh: 'Aggiorna',
    waiting: 'È in lista d’attesa', ahead: '{n} prima di lei', expired: 'La prenotazione è scaduta', wait: 'In lista d’attesa', paid: 'Ha già pagato',
    firstCome: 'In ordine di arrivo', register: 'Registrati', registered: 'È registrato. Torni all’apertura', enter: 'Partecipa al sorteggio',
    entered: 'Partecipa al sorteggio. Il suo codice: {code}', withdraw: 'Lascia il sorteggio', withdrawn: 'Ha lasciato il sorteggio', drawing: 'Le iscrizioni sono chiuse; il sorteggio è in corso',
    rank: 'Nel sorteggio è al posto {n}', byDraw: 'A sorteggio: iscrizioni fino al {at}, poi si estrae', byInvitation: 'Su invito', kept: 'I consulenti tengono pezzi per i loro ospiti fino al {at}',
    needsRegistration: 'Ci si registra prima dell’apertura', visit: 'Per chi ha visitato una boutique', purchase: 'Per chi ha già acquistato un pezzo', right: 'Per i membri di alcuni livelli',
    checked: 'Per equità WeChat segnala gli account dubbi e uno di noi li guarda', seed: 'Il seme del sorteggio era sigillato prima: {hash}…', copyProof: 'Copia l’indirizzo pubblico dove chiunque può verificare', copied: 'Indirizzo copiato',
    noChance: 'Prima di lei ci sono più persone dei pezzi che possono tornare', mayReturn: 'Pezzi non ancora pagati che possono tornare: {n}', notBefore: 'Non prima delle {at}', expected: 'Probabilmente verso le {at}',
    tellMe: 'Avvisatemi quando è deciso', willTell: 'Glielo diremo con una notifica di servizio',
  },
  appointment: {
    title: 'Prenota una visita', boutique: 'Negozio', day: 'Giorno', time: 'Ora', kind: 'Per', visit: 'Una visita', fitting: 'Una prova', book: 'Prenota', booking: 'In corso',
    done: 'Visita prenotata', doneNote: 'La aspettiamo.', calendar: 'Aggiungi al calendario', calendarDone: 'Nel calendario', none: 'Nessun orario libero quel giorno.', free: 'libero',
    full: 'completo', choose: 'Scelga un orario', noBoutiques: 'Nessun negozio prenotabile', another: 'Prenota ancora', copyLink: 'Copia il link del calendario', copied: 'Copiato',
    change: 'Cambia orario', moving: 'Scelga un nuovo orario per questo appuntamento', keep: 'Tieni l’orario attuale', moveTo: 'Sposta l’appuntamento', moved: 'Appuntamento spostato',
    mine: 'Le sue visite', cancel: 'Annulla', cancelTitle: 'Annullare la visita?', cancelYes: 'Annulla', cancelNo: 'Mantieni', cancelled: 'Visita annullata',
    and: ', ', piece: 'Da provare', pieceHeld: 'Tenuto per lei: {piece}', pieceNotHeld: 'L’ora è prenotata, ma {piece} non si è potuto tenere: {why}', heldPieces: 'Tenuti per lei', heldUntil: 'Fino al {at}', release: 'Non serve più', releaseTitle: 'Non tenerlo più?', released: 'Non è più tenuto', calls: 'Chiamate con il consulente', callKinds: { video: 'Videochiamata', voice: 'Chiamata' }, copyCall: 'Copia il link della chiamata', callCopied: 'Copiato: lo apra nel browser del telefono', callNote: 'I mini program non reggono queste chiamate. Incolli il link nel browser del telefono.', callCancelTitle: 'Annullare la chiamata?', callCancelled: 'Chiamata annullata', noCalls: 'Nessuna chiamata prenotata', bookCall: 'Prenoti una chiamata',
  },
  call: {
    title: 'Prenoti una chiamata', host: 'Il suo consulente', kind: 'Come', lasts: 'Durata', day: 'Giorno', time: 'Ora', none: 'Nulla di libero quel giorno. Ne scelga un altro.', beijing: '{at} a Pechino', choose: 'Scelga un orario', agree: 'Prima spunti la nota qui sopra',
    book: 'Prenota', booking: 'Prenotazione', done: 'La chiamata è prenotata', doneNote: 'Il link le viene inviato e sta tra le sue visite; riceverà un promemoria.', toVisits: 'Le mie visite', noHosts: 'Nessun consulente disponibile', noHostsNote: 'Aggiunga un consulente tra i contatti WeCom, poi prenoti qui.', toChat: 'Scriva al consulente',
  },
  payHere: {
    title: 'Paghi alla boutique', amount: 'Importo in yuan', amountLabel: 'Importo in yuan', pay: 'WeChat Pay {amount}', payEmpty: 'WeChat Pay', paying: 'Pagamento in corso',
    note: 'Verifichi l’importo con il personale prima di pagare.', thanks: 'Grazie, il pagamento è arrivato', checking: 'Conferma del pagamento', cancelled: 'Ha annullato il pagamento; nulla è stato addebitato.', notPaid: 'Il pagamento non è riuscito; nulla è stato addebitato.',
    slow: 'La banca sta ancora lavorando. Non paghi di nuovo; chieda l’esito al personale.', show: 'Mostri questa pagina al personale.', shop: 'Pagato a', number: 'Pagamento', another: 'Un altro pagamento',
    unknown: 'Questo codice non è valido; chieda alla boutique.', enter: 'Inserisca l’importo, per esempio 120.00.', notPositive: 'Inserisca un importo maggiore di zero.', tooLarge: 'Al massimo {most} per pagamento; lo divida.',
  },
  share: {
    title: 'Cartolina', heading: 'Le mie giornate a Milano', note: 'Conservi l’immagine o la mandi a chi viaggia con lei.', send: 'Conserva o invia l’immagine', making: 'Preparo l’immagine', label: 'Cartolina: {text}', foot: 'Ora di Milano · {house}',
  },
  loyalty: {
    title: 'Programma fedeltà', points: 'punti', next: 'Ancora {n} punti per {name}', top: 'È al livello più alto', rights: 'I suoi vantaggi', noRights: 'I vantaggi appaiono qui una volta iscritti.', none: 'Qui non c’è ancora un programma',
    noneNote: 'Quando ci sarà, acquisti e visite conteranno da soli.', toBoutique: 'Alla boutique', progress: '{n} punti, {missing} al prossimo livello',
  },
  my: {
    visits: 'Le mie visite', noVisits: 'Nessuna visita prenotata', title: 'Profilo', chat: 'Il suo consulente', privacy: 'Vedere, portare via o eliminare i miei dati', membership: 'Fedeltà e punti', orders: 'Ordini', noOrders: 'Ancora nessun ordine', plan: 'Ultima giornata', language: 'Lingua', consent: 'Scelte sulla privacy',
    consentNote: 'Si possono cambiare in ogni momento; non condizionano gli acquisti.', scan: 'Scansiona in negozio', checkedIn: 'Registrato. Benvenuti', saved: 'Salvato',
    purposes: {
      messages: 'Messaggi di servizio e novità', archive: 'Le chat sono archiviate', profile: 'Il consulente annota i gusti', location: 'Usare visite e luoghi', analytics: 'Usare per statistiche',
    },
  },
}
