import type { Lexicon } from './lexicon.ts';

/** Spanish, of Spain and of America. Accents are folded on both sides. */
export const spanish: Lexicon = {
  lang: 'es',
  classes: {
    service:
      'app|aplicacion|pagina|web|sitio|servidor|servidores|servicio|sistema|plataforma|red|correo|cuenta|login|sincronizacion|nube',
    verb: 'entrar|acceder|iniciar|conectar*|abrir|cargar|guardar|sincronizar|descargar|ver|usar|actualizar|enviar|subir|instalar|pagar|exportar|compartir',
    data: 'datos|notas|archivos|fotos|documentos|trabajo|mensajes|contactos',
    wish: 'gustaria|encantaria|agradeceria|vendria|estaria|seria',
  },
  ignore:
    'caido bien|mal; me cae bien; no hay problema|problemas; sin problema|problemas; ningun problema; gracias a; buenos|buenas dias|tardes|noches',
  categories: {
    outage: {
      3: '$service _ caido|caida|caidos; esta|estan|sigue|siguen _ caido|caida|caidos; se _ cayo|caido _ $service; caida general|masiva|del servicio; a alguien|nadie mas le|les; fuera de servicio; alguien mas con|tiene|tiene|sin|no',
      2: 'caido|caida|caidos; no hay servicio; no _ puedo|podemos|puede|deja conectar*|acceder|entrar; no carga nada; a todos; sin servicio|conexion; inaccesible; no responde el|la; se cayo',
      1: 'desde hace #; intermitente*; mantenimiento; soy yo o',
    },
    security: {
      3: 'robo|fuga|filtracion|filtraron|brecha de? _ datos|seguridad|contrasenas; me _ hackearon|hackeado|robaron; cuenta hackeada|robada; vulnerabilidad*; fallo|agujero de seguridad; acceso no autorizado; datos expuestos|filtrados',
      2: 'hackear*|hackea*; estafa*|fraude*; suplantacion; cargo|cargos no _ autorizado*|reconozco',
      1: 'seguridad; contrasena*; privacidad; virus',
    },
    churn: {
      3: 'cancel* _ suscripcion|cuenta|plan|contrato|membresia; me _ cambio|paso|voy|cambie|pase a|con|de; dar* de baja; doy de baja; darme de baja; nunca mas; no vuelvo|volvere|renovare|renuevo; me voy; devuelvan _ dinero; ultima vez que',
      2: 'desinstal*; dejo|deje de usar|pagar; borr* mi|la cuenta|app; busc* _ alternativa*; alternativas a; competencia; harto|harta de',
      1: 'reembolso; carisimo|caro|cara; alternativa*; cancelar',
    },
    bug: {
      3: 'no _ funciona|funcionan|sirve|carga|cargan|abre|sincroniza|guarda|deja|responde|conecta|inicia|arranca|va; dejo de funcionar; se cierra sol*; se _ cierra|traba|cuelga|congela|bloquea|queda; pantalla negra|blanca|azul; perdi|perdido|borro|borraron|desaparecieron|desaparecio todo*|mis|las|todas|los $data',
      2: 'error|errores; fallo|fallos|falla|fallas|fallando; no _ puedo|podemos|puede|deja $verb; muy|super|demasiado lento|lenta; roto|rota; me cobraron|cobran _ dos|doble; cobro doble; arreglen|arreglar|solucionen|corrijan; desde la _ actualizacion; problema* con|al|para',
      1: 'problema|problemas; lento|lenta|lentitud; desaparec*; mal; demora|retraso; inutil',
    },
    question: {
      3: 'como puedo|hago|se|podria|puede|hacer|cancelo|activo|cambio; alguien sabe|conoce|puede|ha|tiene; hay alguna|algun|alguna|forma|manera; es posible; se puede; donde puedo|esta|encuentro|estan; tengo una _ duda|pregunta; cuando vuelve|sale|estara|llega; que significa|hago|pasa|paso',
      2: 'cuanto|cuantos cuesta|tarda|cuestan; cual es; por que no|se|me|ya; pregunta*|duda|dudas; ayuda con; necesito ayuda; saben si',
      1: 'como; cuando; donde; ayuda; alguien',
    },
    feature: {
      3: 'me|nos $wish; $wish bueno|genial|bien|ideal|util|estupendo; deberian|podrian anadir|agregar|incluir|poner|permitir|implementar|tener; por favor _ anadan|agreguen|pongan|incluyan|implementen; falta|faltan una|un|la|el|modo|opcion; ojala _ pudiera|tuviera|hubiera|anadan|agreguen|pongan; hace falta; echo de menos; modo oscuro',
      2: 'sugerencia*|sugiero|propongo; anadir|agregar|anadan|agreguen; opcion de|para; pueden|podeis anadir|agregar|poner; quisiera|querria poder; version para; mejorar; estaria bien',
      1: 'opcion|opciones; funcion; soporte; mejora*',
    },
    praise: {
      3: 'me _ encanta|encantan|encanto|fascina; muchas|mil gracias; gracias por|equipo|a; excelente|excelentes; la|el mejor; buen|gran|excelente trabajo|servicio|app|aplicacion; recomiendo|recomendable|recomendada; felicidades|felicitaciones|enhorabuena; va|funciona _ bien|perfecto|genial|perfectamente|maravilla; muy buena|bueno|util|contento|contenta|facil|bien; una maravilla; lo amo',
      2: 'genial; increible; perfecto|perfecta; maravillos*; fantastic*; gracias; estupend*; encantad*; me gusta',
      1: 'bueno|buena|bien; util; facil; bonit*; mejor',
    },
  },
  negators: 'no|nunca|jamas|sin|ni|nada|tampoco|ningun|ninguna',
  conditionals: 'si|podria',
  resolved: 'ya _ funciona|va|carga|solucionado|arreglado|resuelto; solucionado|resuelto; volvio',
  urgency: {
    3: 'perdi|perdido|borro todo*|mis|los|las; toda la _ empresa|oficina; en produccion; emergencia; hackearon|hackeado',
    2: 'urgente*; ahora mismo; no _ puedo entrar|acceder|iniciar|trabajar; desde hace #|horas|dias; lleva|llevo|llevamos #|horas|dias; bloqueado|bloqueada; caido|caida; cuanto antes; a todos',
    1: 'hoy; ayuda; otra vez; sigue; inaceptable; horas; por favor; nadie responde; verguenza',
  },
  persons:
    'yo|me|mi|mis|nos|nosotros|nuestro|nuestra|tu|te|usted|ustedes|vosotros|os|alguien|tengo|puedo|quiero',
  polarity: {
    3: 'excelente|excelentes; increible; encant*; maravill*; fantastic*; perfect*; genial; amo; enhorabuena; felicidades',
    2: 'gracias; bueno|buena|buenos|buenas|buen; bien; mejor; util; facil; content*; feliz; recomiendo; me gusta; rapid*',
    1: 'bonit*; interesante; gran|grande',
    [-1]: 'lento|lenta; caro|cara; falta; dificil; duda; demora',
    [-2]: 'error|errores; fall*; mal|malo|mala; problema*; no funciona; roto|rota; perdi; cancel*; nunca; molest*; caid*; desinstal*',
    [-3]: 'pesimo|pesima; horrible; terrible; basura; verguenza; estafa*; robo|robaron|robar; odio; asco; fatal; inaceptable; harto|harta; mierda; inutil; desastre; peor',
  },
};
