import type { Lexicon } from './lexicon.ts';

/** Portuguese, of Brazil first. Accents are folded on both sides. */
export const portuguese: Lexicon = {
  lang: 'pt',
  classes: {
    service:
      'app|aplicativo|aplicacao|site|pagina|servidor|servidores|servico|sistema|plataforma|rede|login|sincronizacao|nuvem|internet|conta|email',
    verb: 'entrar|acessar|aceder|logar|abrir|carregar|salvar|guardar|sincronizar|baixar|usar|ver|atualizar|enviar|instalar|pagar|exportar|conectar|compartilhar',
    data: 'dados|notas|arquivos|ficheiros|fotos|documentos|trabalho|mensagens|contatos|anotacoes',
  },
  ignore:
    'sem problema|problemas; nenhum problema; nao tem problema; gracas a; bom dia; boa tarde|noite|sorte; caiu bem; caiu no gosto',
  categories: {
    outage: {
      3: '$service _ fora do? ar; fora do? ar; $service _ caiu|caido|caiu|cairam; esta|ta|estao _ fora|caido|down|indisponivel; caiu _ $service; caiu de novo|aqui|pra|para; mais alguem _ com|sem|nao|problema*; so comigo|eu; alguem mais _ com|sem|nao; tudo fora; queda geral|do servico|no servico',
      2: 'instavel|instabilidade; indisponivel; fora de servico; nao|ninguem _ consigo|consegue|conseguimos|da _ acessar|entrar|conectar|logar|aceder; caiu; sem acesso|conexao; ninguem consegue; em manutencao',
      1: 'queda; desde hoje|ontem|#|cedo|manha; intermitente*; manutencao; voltou',
    },
    security: {
      3: 'vazamento* de? _ dados|senhas; vazou|vazaram _ dados|senhas|meus; conta _ hackeada|invadida|roubada|clonada; hackearam|invadiram|clonaram; falha|brecha* de seguranca; vulnerabilidade*; acesso nao autorizado; dados _ expostos|vazados|roubados; senha* em texto',
      2: 'hackead*|hacker*; golpe|golpes|golpista*; fraude*; phishing; compra|cobranca* nao _ reconheco|autorizad*',
      1: 'seguranca; senha|senhas; privacidade; virus',
    },
    churn: {
      3: 'cancel* _ assinatura|conta|plano|contrato; vou _ mudar|migrar|cancelar|trocar|sair _ para|pra|de|do|da|pro|minha|tudo; mudei|migrei|troquei|mudando|migrando _ para|pra|pro|de; nunca mais; nao volto|renovo|vou renovar|uso mais; quero _ meu dinheiro; ultima vez que; excluir|excluindo|apagar|encerrar minha|a conta; desisto|desisti; to fora; concorrencia|concorrente*',
      2: 'desinstal*; procur* _ alternativa*; alternativa|alternativas ao|a|para|pro; parei de usar|pagar; cansei|cansado|cansada de; cancelar; ja chega',
      1: 'reembolso; muito caro; caro|cara; alternativa*; cancel*',
    },
    bug: {
      3: 'nao _ funciona|funcionam|carrega|abre|sincroniza|salva|responde|conecta|entra|inicia|liga|atualiza|pega; parou de funcionar|sincronizar|abrir; fecha|fechando sozinho; trava|travando|travou|trava; tela preta|branca|azul; perdi|sumiu|sumiram|apagou|apagaram|perdeu _ tudo|todas|todos|minhas|meus|as|os _ $data?; fica travando|fechando|caindo; cobrado|cobraram|cobrou duas|dobro|duplicad*',
      2: 'bug|bugs|bugado|bugada; erro|erros; falha|falhas|falhando; nao _ consigo|consegue|da|deixa _ $verb; muito|super|demais lento|lenta; quebrado|quebrada|quebrou; desde a _ atualizacao; depois da _ atualizacao; arrumem|consertem|corrijam|arruma; problema* com|no|na|ao|para',
      1: 'problema|problemas; lento|lenta|lentidao; sumiu; pessimo; atras*|demora*; ruim; inutil',
    },
    question: {
      3: 'como faco|posso|eu|faz|que|consigo|cancelo|ativo|mudo|resolver; alguem sabe|conhece|pode|ja|tem|consegue; tem como; e possivel; da pra|para; onde posso|fica|encontro|esta|acho; tenho uma _ pergunta|duvida; quando volta|sai|vai|chega|sera; o que significa|faco|acontece|houve; existe alguma|algum',
      2: 'quanto custa|tempo|e; qual e|o|a; por que|porque nao|o|a|esta; duvida*|pergunta*; ajuda com; preciso de ajuda; sabem se; voces sabem|podem',
      1: 'como; quando; onde; ajuda; alguem',
    },
    feature: {
      3: 'gostaria|adoraria|queria _ que|de|poder|ver|ter; seria _ bom|otimo|legal|incrivel|ideal|util|massa|top|bacana; deveria|deveriam|podiam|poderiam|podia _ ter|adicionar|colocar|incluir|permitir|por|lancar; por favor _ adicionem|coloquem|adicione|incluam; falta uma|um|so|opcao|modo|a|o; sinto falta; modo escuro|noturno; quem dera; tomara que _ adicion*|coloquem; podem|pode adicionar|colocar',
      2: 'sugestao|sugestoes|sugiro; adicionar|adicionem|coloquem; opcao de|para; melhorar|melhorem; versao para|pra; suporte a|para|ao; funcionalidade*; faz falta',
      1: 'opcao|opcoes; funcao; melhoria*; falta',
    },
    praise: {
      3: 'amo|adoro|adorei|amei|amando; muito|muitissimo obrigad*; obrigad* por|pela|pelo|equipe|voces; excelente*; melhor app|aplicativo|do|de|coisa|programa; parabens; otimo|excelente|bom|belo|grande trabalho|aplicativo|app|servico|atendimento; recomendo; super recomendo; muito bom|boa|util|facil|satisfeit*|feliz|bem|pratico; funciona|roda _ bem|perfeitamente|perfeito|direitinho; salvou _ vida|minha; sensacional; nota dez|10',
      2: 'otimo|otima; perfeito|perfeita; incrivel; maravilh*; fantastic*; obrigad*; top; show; gosto|gostei; demais; melhor',
      1: 'bom|boa; util; facil; legal; bonit*; pratico; valeu',
    },
  },
  negators: 'nao|nunca|jamais|sem|nem|nada|tampouco|nenhum|nenhuma|n',
  conditionals: 'caso|poderia',
  resolved:
    'voltou|voltaram; ja _ voltou|funciona|normalizou|resolvido; resolvido|resolveram|normalizado|corrigido',
  urgency: {
    3: 'perdi|sumiu|sumiram|apagou tudo|todas|todos|minhas|meus; empresa|equipe inteira|toda; em producao; emergencia; hackearam|vazou|vazaram|vazamento',
    2: 'urgente*; urgencia; agora mesmo; imediatamente; nao _ consigo _ entrar|acessar|logar|trabalhar; ha|faz|tem # horas|dias; ha horas|dias; bloqueado|bloqueada; fora do? ar; o quanto antes; caiu; desde cedo|ontem|hoje',
    1: 'hoje; ajuda; de novo; ainda; inaceitavel; horas; por favor; ninguem responde; vergonha; socorro',
  },
  persons:
    'eu|me|mim|meu|minha|meus|minhas|nos|nosso|nossa|voce|voces|vc|vcs|te|alguem|tenho|consigo|quero|obrigado|obrigada',
  polarity: {
    3: 'excelente*; incrivel; amo|adoro|amei|adorei; maravilh*; perfeit*; sensacional; parabens; fantastic*; otim*',
    2: 'obrigad*; bom|boa|bons|boas; bem; melhor; util; facil; feliz; satisfeit*; recomendo; gosto|gostei; top; show; valeu',
    1: 'legal; bonit*; pratico; rapid*; interessante',
    [-1]: 'lento|lenta; caro|cara; falta; dificil; duvida; demora*; infelizmente',
    [-2]: 'erro|erros; falha*; problema*; nao funciona; ruim; mal; perdi; trava*; caiu; bug*; cancel*; chato; decepcion*; sumiu',
    [-3]: 'pessim*; horrivel; terrivel; lixo; vergonha; golpe; roubo|roubaram; odeio; inaceitavel; merda; inutil; desastre; pior; palhacada; absurdo',
  },
};
